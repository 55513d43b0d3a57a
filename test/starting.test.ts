import { describe, expect, it } from "vitest";
import { StartedCommand } from "../bench/programs/started-command.ts";
import {
  waitUntilListening,
  onlyLooking,
  subscribe,
} from "../bench/processes/connect-to-target.ts";
import type { ServerTarget } from "../bench/settings/target.ts";
import { parseVariant } from "../bench/settings/variant.ts";
import { freePort } from "../tools/prove/free-port.ts";
import { answering } from "./try-client.ts";
import { PlainServer } from "./plain-server.ts";

/** Serves SSE on `PORT`, once it has answered as often as `refusals` says with `status`. */
const script = (refusals: number, status: number): string => `
  let refusals = ${refusals};
  require("node:http").createServer((request, response) => {
    refusals -= 1;
    if (refusals >= 0) return response.writeHead(${status}).end();
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write("event: hello\\ndata: 3\\n\\n");
  }).listen(process.env.PORT, "127.0.0.1");`;

class Started implements AsyncDisposable {
  readonly target: ServerTarget;
  readonly command: StartedCommand;

  static async open(code: string, startTimeoutMs: number): Promise<Started> {
    return new Started(await freePort(), code, startTimeoutMs);
  }

  private constructor(port: number, code: string, startTimeoutMs: number) {
    const command = `exec "${process.execPath}" -e '${code}'`;
    const started = { kind: "command", command, startTimeoutMs } as const;
    this.target = targetAt(port, started);
    this.command = new StartedCommand(started, this.target);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.command.stop();
  }
}

function targetAt(port: number, process: ServerTarget["process"]): ServerTarget {
  const host = "127.0.0.1";
  const url = `http://${host}:${port}`;
  return { url, host, port, addresses: [host], verification: null, process };
}

const { bound } = parseVariant("sse");

describe("a server that is started", () => {
  it.each([502, 503, 504])("isn't ready yet while it answers %i", async (status) => {
    await using server = await Started.open(script(100, status), 120_000);
    const { target, command } = server;
    const address = await waitUntilListening(target, command);
    await using client = await subscribe(
      bound,
      { target, address, tls: null },
      command,
      onlyLooking,
    );
    expect(client.cursor).toBe(3);
  });

  it("may answer something else while it gets to know its paths", async () => {
    await using server = await Started.open(script(1, 404), 120_000);
    const { target, command } = server;
    const address = await waitUntilListening(target, command);
    await using client = await subscribe(
      bound,
      { target, address, tls: null },
      command,
      onlyLooking,
    );
    expect(client.cursor).toBe(3);
  });

  it("has as long as it is given, and no longer", async () => {
    await using server = await Started.open("setInterval(() => {}, 1000)", 300);
    await expect(waitUntilListening(server.target, server.command)).rejects.toThrow(
      `${server.target.url} did not answer within 300ms of its start; use --start-timeout to allow more`,
    );
  });

  it("is told of at once when it ends instead", async () => {
    await using server = await Started.open("process.exit(7)", 120_000);
    await expect(waitUntilListening(server.target, server.command)).rejects.toThrow("exit code 7");
  });
});

it("a server that runs already is asked once", async () => {
  let asked = 0;
  await using server = await PlainServer.open(
    answering((socket) => {
      asked += 1;
      socket.write("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
    }),
  );
  const target = targetAt(server.port, { kind: "unknown" });
  const found = { target, address: target.host, tls: null };
  await expect(subscribe(bound, found, null, onlyLooking)).rejects.toThrow(
    "no client could subscribe: status 503",
  );
  expect(asked).toBe(1);
});
