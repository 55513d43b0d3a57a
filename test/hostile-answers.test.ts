import { describe, expect, it } from "vitest";
import { PlainServer } from "./plain-server.ts";
import { answering, overHttp, sseClients, subscribe } from "./try-client.ts";
import { chunked } from "./wire-bytes.ts";

// Answers that a client can't go on with, told for what they are and not for what a library makes of them.

/** What a client says of an answer to its first request. */
async function told(variant: string, answer: string): Promise<string | null> {
  await using server = await PlainServer.open(
    answering((socket) => socket.write(answer, "latin1")),
  );
  await using client = await subscribe(variant, server.port);
  return client.failure;
}

describe.each(overHttp)("a client of %s", (variant) => {
  const empty = "Content-Length: 0\r\n\r\n";

  it.each([205, 206, 299, 300, 304, 401, 407, 600, 999])("tells the status %i", async (status) => {
    expect(await told(variant, `HTTP/1.1 ${status} Odd\r\n${empty}`)).toBe(`status ${status}`);
  });

  it("tells a status that can't be one", async () => {
    expect(await told(variant, `HTTP/1.1 000 Odd\r\n${empty}`)).toMatch(
      /^(status 0|an answer that isn't HTTP\/1\.1: its status)$/,
    );
    expect(await told(variant, `HTTP/1.1 1000 Odd\r\n${empty}`)).toMatch(
      /^an answer that isn't HTTP\/1\.1: Invalid response status$/,
    );
  });

  it.each([
    ["twice, the same", "Content-Length: 4\r\nContent-Length: 4"],
    ["twice, another", "Content-Length: 4\r\nContent-Length: 5"],
    ["as a list", "Content-Length: 4, 4"],
    ["below zero", "Content-Length: -4"],
    ["beyond all bounds", "Content-Length: 99999999999999999999999"],
    ["before a Transfer-Encoding", "Content-Length: 4\r\nTransfer-Encoding: chunked"],
    ["behind a Transfer-Encoding", "Transfer-Encoding: chunked\r\nContent-Length: 4"],
  ])("tells of a Content-Length %s", async (_how, headers) => {
    const failure = await told(variant, `HTTP/1.1 200 OK\r\nCursor: 1\r\n${headers}\r\n\r\n2\nhi`);
    expect(failure).toMatch(/^an answer that isn't HTTP\/1\.1: .*Content-Length/);
  });

  it.each([
    ["of another protocol", "SSH-2.0-OpenSSH_9.6\r\n"],
    ["of TLS", "\u0015\u0003\u0001\u0000\u0002\u0002\u0028"],
    ["of line feeds alone", "HTTP/1.1 204 No\nCursor: 0\n\n"],
    ["with a null", `HTTP/1.1 200 OK\r\nA: \0\r\n${empty}`],
    ["with a header that is none", `HTTP/1.1 200 OK\r\nBad Header: x\r\n${empty}`],
  ])("tells that an answer %s isn't HTTP", async (_what, answer) => {
    expect(await told(variant, answer)).toMatch(/^an answer that isn't HTTP\/1\.1: [^\n]+$/);
  });
});

it.each(["short-polling@5ms", "long-polling"])(
  "a client of %s tells of a body of another length than was said",
  async (variant) => {
    expect(await told(variant, "HTTP/1.1 204 No\r\nCursor: 0\r\nContent-Length: 5\r\n\r\n")).toBe(
      "a body of another length than its Content-Length",
    );
  },
);

it.each(["sse", "streaming", "short-polling@5ms", "long-polling"])(
  "a client of %s that gets nothing but interim answers says so",
  async (variant) => {
    await using server = await PlainServer.open(
      answering((socket) => socket.write("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(100))),
    );
    await using client = await subscribe(variant, server.port, 200);
    expect(client.failure).toBe("not subscribed within 200ms; no more than status 103");
  },
);

it.each(sseClients)(
  "a client of %s takes events of any name for what they are",
  async (variant) => {
    const head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
    const names = ["error", "open", "close", "end", "__proto__", "\u001b[2J"];
    const events = names.map((name) => `event: ${name}\ndata: lost\n\n`).join("");
    await using server = await PlainServer.open(
      answering((socket) =>
        socket.write(
          `${head}Transfer-Encoding: chunked\r\n\r\n` +
            chunked(`event: hello\ndata: 0\n\n${events}data: x\n\n`),
        ),
      ),
    );
    await using client = await subscribe(variant, server.port);
    const { seen } = client;
    await seen.changes.until(() => seen.received.length + seen.endings.length > 0);
    expect(client.failure).toBeNull();
    expect(seen.endings).toEqual([]);
    expect(seen.received).toEqual(["x"]);
  },
);
