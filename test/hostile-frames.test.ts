import type { Socket } from "node:net";
import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { maxMessageBytes, maxWaitingBytes } from "../transports/transport.ts";
import { PlainServer } from "./plain-server.ts";
import { answering, subscribe } from "./try-client.ts";
import { textFrame, upgraded } from "./wire-bytes.ts";

// What a WebSocket server may not send (RFC 6455), before its hello and after it.

const clients = ["websocket", "websocket:lean"];

/** How a client of a server ends that answers the handshake and then sends `bytes`. */
async function ending(variant: string, hello: Buffer, bytes: Buffer): Promise<string> {
  await using server = await PlainServer.open(
    answering((socket, request) => {
      socket.write(upgraded(request));
      socket.write(Buffer.concat([hello, bytes]));
    }),
  );
  await using client = await subscribe(variant, server.port);
  const { seen, failure } = client;
  if (failure !== null) return failure;
  await seen.changes.until(() => seen.endings.length > 0);
  await server.abandoned();
  return seen.endings.join();
}

function frame(first: number, payload: Buffer | string = ""): Buffer {
  const body = Buffer.from(payload);
  return Buffer.concat([Buffer.from([first, body.length]), body]);
}

const compressed = deflateRawSync("compressed");

describe.each([
  ["websocket", "before its hello", Buffer.alloc(0)],
  ["websocket", "after its hello", textFrame("0")],
  ["websocket:lean", "before its hello", Buffer.alloc(0)],
  ["websocket:lean", "after its hello", textFrame("0")],
] as const)("a client of %s, %s, tells of", (variant, _when, hello) => {
  it.each<[string, Buffer, RegExp]>([
    ["a compressed frame that wasn't agreed upon", frame(0xc1, compressed), /RSV1/],
    ["a second reserved bit", frame(0xa1, "x"), /RSV2/],
    ["a third reserved bit", frame(0x91, "x"), /RSV3/],
    ["a masked frame", Buffer.from([0x81, 0x81, 1, 2, 3, 4, 5]), /MASK/],
    ["text that isn't UTF-8", frame(0x81, Buffer.from([0xff, 0xfe])), /UTF-8/],
    ["an unknown opcode", frame(0x83), /opcode 3/],
    ["an unknown control frame", frame(0x8b), /opcode 11/],
    ["a ping in parts", frame(0x09), /FIN/],
    ["the rest of nothing", frame(0x80, "x"), /opcode 0/],
    ["a message within another", Buffer.concat([frame(0x01, "x"), frame(0x81, "x")]), /opcode 1/],
    ["a close frame of one byte", frame(0x88, "x"), /payload length 1/],
    ["a reason that isn't UTF-8", frame(0x88, Buffer.from([3, 232, 255])), /UTF-8/],
    ["parts without number", Buffer.concat(parts(20_000)), /fragments/],
    ["2^53 bytes", Buffer.from([0x81, 127, 0, 32, 0, 0, 0, 0, 0, 1]), /^a message of more than 8/],
    ["2^63 bytes", Buffer.from([0x81, 127, 128, 0, 0, 0, 0, 0, 0, 1]), /^a message of more than 8/],
    ["a close frame without a code", frame(0x88), /^closed without a code$/],
  ])("%s", async (_what, bytes, told) => {
    expect(await ending(variant, hello, bytes)).toMatch(told);
  });

  const allowed = [1000, 1001, 1002, 1003, 1007, 1011, 1012, 1013, 1014, 3000, 4000, 4999];
  const reserved = [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535];
  it("any code that it is closed with, and a reason that does nothing to a terminal", async () => {
    for (const code of [...allowed, ...reserved]) {
      const payload = Buffer.concat([
        Buffer.from([code >> 8, code & 255]),
        Buffer.from("\u001b[31m\u202e"),
      ]);
      expect(await ending(variant, hello, frame(0x88, payload))).toMatch(
        allowed.includes(code)
          ? new RegExp(String.raw`^closed with ${code} "\\u001b\[31m\\u202e"$`)
          : new RegExp(String.raw`^Invalid WebSocket frame: invalid status code ${code}\b`),
      );
    }
  });
});

function parts(count: number): Buffer[] {
  return [frame(0x01), ...Array.from({ length: count }, () => frame(0x00))];
}

it.each<[string, (answer: string) => string, RegExp]>([
  ["that isn't one to it", (answer) => answer.replace(/(Accept: ).*/, "$1AAAA"), /Accept/],
  ["without a proof", (answer) => answer.replace(/Sec.*\r\n/, ""), /Accept/],
  ["without an upgrade", (answer) => answer.replace(/Upgrade: .*\r\n/, ""), /Upgrade: websocket/],
  ["with another protocol", (answer) => answer.replace(/(Upgrade: ).*/, "$1h2c"), /Upgrade/],
  [
    "with an extension that nobody asked for",
    (answer) => answer.replace(/\r\n\r\n$/, "\r\nSec-WebSocket-Extensions: x\r\n\r\n"),
    /Sec-WebSocket-Extensions/,
  ],
  [
    "with a subprotocol that nobody asked for",
    (answer) => answer.replace(/\r\n\r\n$/, "\r\nSec-WebSocket-Protocol: x\r\n\r\n"),
    /subprotocol/,
  ],
])("a WebSocket's client tells of an answer to the handshake %s", async (_how, change, told) => {
  await using server = await PlainServer.open(
    answering((socket, request) => socket.write(change(upgraded(request)))),
  );
  for (const variant of clients) {
    await using client = await subscribe(variant, server.port);
    expect(client.failure).toMatch(told);
    expect(client.failure).toMatch(/status 101/);
  }
});

describe("pings that come faster than they can be answered", () => {
  const pings = Buffer.concat(Array.from({ length: 1_000 }, () => frame(0x89, "x".repeat(125))));

  it.each(clients)("are answered by %s all the same where the server reads", async (variant) => {
    let bytes = 0;
    let answered = (): void => {};
    const enough = new Promise<void>((resolve) => (answered = resolve));
    await using server = await PlainServer.open(
      answering((socket, request, number) => {
        if (number > 0) return;
        socket.write(Buffer.concat([Buffer.from(upgraded(request)), textFrame("0"), pings]));
        socket.on("data", (chunk) => {
          bytes += chunk.length;
          // A masked frame has four bytes more.
          if (bytes >= pings.length + 4_000) answered();
        });
      }),
    );
    await using client = await subscribe(variant, server.port);
    await enough;
    expect(client.seen.endings).toEqual([]);
  });

  it("end the connection where it doesn't, which is reported as what it is", async () => {
    let pinging = (): void => {};
    await using server = await PlainServer.open(
      answering((socket, request) => {
        socket.pause();
        socket.write(Buffer.concat([Buffer.from(upgraded(request)), textFrame("0")]));
        // 1 MB of answers.
        pinging = () => void socket.write(Buffer.concat(Array.from({ length: 8 }, () => pings)));
      }),
    );
    await using client = await subscribe("websocket", server.port);
    // As much as may wait, but for half a MiB.
    const message = Buffer.alloc(maxMessageBytes);
    const most = maxWaitingBytes - 512 * 1_024;
    for (let sent = 0; sent < most; sent += maxMessageBytes) {
      client.connection?.send(message.subarray(0, most - sent));
    }
    expect(client.seen.endings).toEqual([]);
    pinging();
    await client.seen.changes.until(() => client.seen.endings.length > 0);
    expect(client.seen.endings).toEqual(["the server doesn't read what the client sends"]);
  });
});

describe.each(clients)("what a client of %s gets that is nothing but", (variant) => {
  const floods = [
    ["pings", 0x89, "read", ""],
    ["pings", 0x89, "unread", "x".repeat(125)],
    ["pongs", 0x8a, "read", ""],
  ] as const;
  it.each(floods)("%s ends the connection, answers %s", async (_name, head, answers, text) => {
    const frames = Buffer.concat(Array.from({ length: 1_000 }, () => frame(head, text)));
    await using server = await PlainServer.open(
      answering((socket, request, number) => {
        if (number > 0) return;
        if (answers === "unread") socket.pause();
        socket.write(Buffer.concat([Buffer.from(upgraded(request)), textFrame("0")]));
        flood(socket, frames);
      }),
    );
    await using client = await subscribe(variant, server.port);
    await client.seen.changes.until(() => client.seen.endings.length > 0);
    expect(client.seen.endings).toEqual(["more than 10000 pings and pongs within a second"]);
  });
});

/** Writes for as long as somebody reads. */
function flood(socket: Socket, more: Buffer): void {
  const write = (): void => {
    if (!socket.destroyed && socket.write(more)) setImmediate(write);
  };
  socket.on("drain", write);
  write();
}
