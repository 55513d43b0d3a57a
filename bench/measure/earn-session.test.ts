import { createServer } from "node:tls";
import type { Server, TlsOptions } from "node:tls";
import { describe, expect, it } from "vitest";
import { identityOf } from "../layers/certificate.ts";
import { TlsClient, trustIn } from "../layers/tls.ts";
import { Dialler } from "./dialler.ts";
import { earnSession } from "./earn-session.ts";
import { listen, portOf } from "./listen.ts";

async function serverWith(options: TlsOptions): Promise<{ server: Server; tls: TlsClient }> {
  const identity = await identityOf("ec");
  const { key, certificate: cert } = identity;
  const server = createServer({ key, cert, ...options }, (stream) => stream.resume());
  await listen(server, 0, "127.0.0.1");
  return { server, tls: new TlsClient(trustIn(identity), { tls: "ec", resume: true }) };
}

describe("a session that all clients of a process resume", () => {
  it("is earned before any of them", async () => {
    const { server, tls } = await serverWith({});
    const dialler = new Dialler("127.0.0.1", portOf(server));
    await earnSession(tls, dialler);
    // Also where that has been done before.
    await earnSession(tls, dialler);
    const stream = tls.over(dialler.dial());
    await new Promise((resolve) => stream.once("secureConnect", resolve));
    expect(stream.isSessionReused()).toBe(true);
    await dialler.reset();
    server.close();
  });

  it("is missed in one line where the server doesn't take it back", async () => {
    const { server, tls } = await serverWith({});
    // Another key for tickets with each connection.
    server.on("connection", () =>
      server.setTicketKeys(Buffer.from(Array.from({ length: 48 }, () => 256 * Math.random()))),
    );
    const dialler = new Dialler("127.0.0.1", portOf(server));
    await expect(earnSession(tls, dialler)).rejects.toThrow(
      /^the server doesn't resume a TLS session that it gave: leave out \+resume$/,
    );
    server.close();
  });

  it("is not asked for without +resume", async () => {
    const tls = new TlsClient(trustIn(await identityOf("ec")), { tls: "ec" });
    await expect(earnSession(tls, new Dialler("127.0.0.1", 1))).resolves.toBeUndefined();
  });
});
