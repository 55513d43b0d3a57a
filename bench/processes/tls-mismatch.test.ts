import { createServer as createPlainServer } from "node:http";
import type { Server } from "node:net";
import { createServer } from "node:tls";
import type { TlsOptions } from "node:tls";
import { describe, expect, it } from "vitest";
import { certifiedName, TlsClient } from "../layers/tls.ts";
import { generate } from "../layers/selfsigned.ts";
import { listen, portOf } from "../measure/listen.ts";
import { admittedTarget } from "../settings/target.ts";
import { parseVariant } from "../settings/variant.ts";
import { tlsMismatch } from "./tls-mismatch.ts";

const day = 24 * 3_600_000;

async function identityFor(name: string, until = Date.now() + day): Promise<TlsOptions> {
  const { private: key, cert } = await generate([{ name: "commonName", value: name }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notBeforeDate: new Date(until - 2 * day),
    notAfterDate: new Date(until),
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: name }] }],
  });
  return { key, cert };
}

/** What is said of a server to a client of `variant`, which trusts the server's own certificate or Node's authorities. */
async function saidOf(
  server: Server,
  variant: string,
  authorities: string | null,
): Promise<string | null> {
  await listen(server, 0, "127.0.0.1");
  const { layers } = parseVariant(variant).bound;
  const scheme = layers.tls === undefined ? "http" : "https";
  const url = `${scheme}://${certifiedName}:${portOf(server)}`;
  const target = await admittedTarget(url, { kind: "unknown" }, []);
  const trust = { host: certifiedName, authorities, isVerified: true };
  const tls = layers.tls === undefined ? null : new TlsClient(trust, layers);
  try {
    return await tlsMismatch({ target, address: "127.0.0.1", tls }, layers);
  } finally {
    server.close();
  }
}

describe("a server that clients can't reach over TLS is told of by what it does", async () => {
  const usual = await identityFor(certifiedName);

  it.each<[string, TlsOptions, string, boolean, string | null]>([
    ["nothing", usual, "sse+tls", true, null],
    ["nothing over HTTP/2", { ...usual, ALPNProtocols: ["h2"] }, "sse+h2", true, null],
    ["an unknown certificate", usual, "sse+tls", false, "signed by itself: give that by --ca FILE"],
    [
      "an expired certificate",
      await identityFor(certifiedName, Date.now() - day),
      "sse+tls",
      true,
      "has a certificate that has expired: renew it, or give --insecure",
    ],
    [
      "another's certificate",
      await identityFor("other.example"),
      "sse+tls",
      true,
      'has a certificate for "other.example", not for localhost: give the URL by a name that it holds',
    ],
    ["an older TLS", { ...usual, maxVersion: "TLSv1.2" }, "sse+tls", true, "speak TLS 1.3"],
    ["no ALPN", usual, "sse+h2", true, "doesn't choose HTTP/2 by ALPN"],
    [
      "HTTP/1.1 by ALPN",
      { ...usual, ALPNProtocols: ["http/1.1"] },
      "sse+h2",
      true,
      "doesn't choose HTTP/2 by ALPN",
    ],
    ["TLS where none is expected", usual, "sse", true, "speaks TLS there: give https://"],
  ])("%s", async (_what, options, variant, isTrusted, said) => {
    const server = createServer(options);
    const own = typeof options.cert === "string" && isTrusted ? options.cert : null;
    const told = await saidOf(server, variant, own);
    if (said === null) expect(told).toBeNull();
    else expect(told).toContain(said);
  });

  it("plain HTTP", async () => {
    const server = createPlainServer();
    expect(await saidOf(server, "sse+tls", null)).toBe("doesn't speak TLS there: give http://");
    expect(await saidOf(createPlainServer(), "sse", null)).toBeNull();
  });
});
