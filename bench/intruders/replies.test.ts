import { expect, it } from "vitest";
import { Replies } from "./replies.ts";

const switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
const unauthorized =
  "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nContent-Length: 3\r\n\r\nno\n";
const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

function close(...payload: number[]): string {
  return Buffer.from([0x88, payload.length, ...payload]).toString("latin1");
}

it.each([
  ["a status", unauthorized, "401"],
  ["a status behind answers", ok + ok + unauthorized, "401"],
  ["a status behind 100", `HTTP/1.1 100 Continue\r\n\r\n${unauthorized}`, "401"],
  ["a status whose answer has no end", "HTTP/1.1 408 Request Timeout\r\n\r\n", "408"],
  [
    "a status in chunks",
    "HTTP/1.1 413 X\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
    "413",
  ],
  ["a close code", switching + close(3, 241), "1009"],
  ["a close code with its reason", switching + close(3, 240, 0x61), "1008"],
  ["a close code behind frames", `${switching}\x81\x02hi\x8a\x00${close(3, 240)}`, "1008"],
  ["a close frame without a code", switching + close(), "1005"],
  ["nothing in an answer", ok, null],
  [
    "nothing in a stream",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n:\n\n\n\r\n",
    null,
  ],
  ["nothing in a handshake", switching, null],
  ["nothing in a text that looks like an answer", `${switching}\x81\x0cHTTP/1.1 401`, null],
])("reads as a refusal, in one piece and byte by byte: %s", (_name, text, refusal) => {
  const whole = new Replies();
  whole.read(Buffer.from(text, "latin1"));
  expect(whole.refusal).toBe(refusal);
  const pieces = new Replies();
  for (const byte of Buffer.from(text, "latin1")) pieces.read(Buffer.from([byte]));
  expect(pieces).toMatchObject({ refusal, status: whole.status, complete: whole.complete });
});

it("keeps the last text, and the pings that wait for a pong", () => {
  const replies = new Replies();
  replies.read(Buffer.from(`${switching}\x81\x010\x81\x0240\x89\x01p\x8a\x00`, "latin1"));
  expect(replies).toMatchObject({ text: "40", pongs: 1, pings: [Buffer.from("p")] });
});

it("keeps the body of the last answer", () => {
  const replies = new Replies();
  replies.read(Buffer.from(unauthorized + ok));
  expect(replies).toMatchObject({ status: 200, body: "ok", complete: 2, refusal: null });
});
