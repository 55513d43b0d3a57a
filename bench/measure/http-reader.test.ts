import { describe, expect, it } from "vitest";
import { HttpReader, fieldOf } from "./http-reader.ts";

interface Read {
  readonly heads: string[];
  readonly bytes: number[];
  body: string;
  begun: string;
}

function readOf(pieces: readonly Buffer[], isEnded = false): Read {
  const read: Read = { heads: [], bytes: [], body: "", begun: "" };
  const reader = new HttpReader({
    head: (head) => (read.begun += head),
    body: (piece) => (read.body += piece.toString("latin1")),
    complete: ({ head, bytes }) => {
      read.heads.push(head);
      read.bytes.push(bytes);
      read.body += "|";
    },
  });
  for (const piece of pieces) reader.read(piece);
  if (isEnded) reader.end();
  return read;
}

/** The same, whole, byte by byte, and split in two at every place. */
function ways(text: string): Buffer[][] {
  const all = Buffer.from(text, "latin1");
  const bytes = Array.from(all, (_, at) => all.subarray(at, at + 1));
  const inTwo = Array.from(all, (_, at) => [all.subarray(0, at), all.subarray(at)]);
  return [[all], bytes, ...inTwo];
}

const noContent = "HTTP/1.1 204 No Content\r\nCursor: 12\r\n\r\n";
const found = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const nothing = "HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n";
const chunked =
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nX: y\r\n\r\n";
const get = "GET /poll/all?after=1 HTTP/1.1\r\nhost: a\r\n\r\n";
const post = "POST /send/all HTTP/1.1\r\ncontent-length: 3\r\n\r\nabc";

describe("an HTTP reader", () => {
  it.each([
    ["an answer without a body", noContent, "|"],
    ["an answer with a length", found, "hello|"],
    ["an answer with a length of nothing", nothing, "|"],
    ["an answer in chunks, with trailers", chunked, "hello|"],
    ["a request without a body", get, "|"],
    ["a request with a body", post, "abc|"],
    ["a body that looks like a head", `${found.slice(0, -5)}\r\n\r\nx`, "\r\n\r\nx|"],
  ])("finds the end of %s, however it is split", (_what, text, body) => {
    for (const pieces of ways(text)) {
      const read = readOf(pieces);
      expect(read.body).toBe(body);
      expect(read.bytes).toEqual([text.length]);
      expect(read.heads).toEqual([read.begun]);
    }
  });

  it("tells messages apart that follow upon each other", () => {
    const all = [found, noContent, chunked, nothing, found];
    for (const pieces of ways(all.join(""))) {
      expect(readOf(pieces).bytes).toEqual(all.map((text) => text.length));
    }
  });

  it("takes what only announces an answer for a part of it", () => {
    const announced = `HTTP/1.1 100 Continue\r\n\r\n${found}`;
    expect(readOf([Buffer.from(announced)])).toMatchObject({ bytes: [announced.length] });
  });

  it("ends an answer without a length with the connection", () => {
    const text = "HTTP/1.1 200 OK\r\n\r\nhello";
    expect(readOf([Buffer.from(text)]).bytes).toEqual([]);
    expect(readOf([Buffer.from(text)], true).bytes).toEqual([text.length]);
  });

  it.each([
    ["cut off", found.slice(0, -1)],
    ["with a length that is none", "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello"],
    [
      "with a chunk's length that is none",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
    ],
    ["whose chunk is longer than it says", `${chunked.slice(0, 53)}1\r\nhel\r\n0\r\n\r\n`],
    ["with a head without an end", `HTTP/1.1 200 OK\r\n${"X: y\r\n".repeat(20_000)}\r\n`],
    ["that is a stream of something else", "\0\0\0\x03all"],
  ])("completes nothing that is %s", (_what, text) => {
    expect(readOf([Buffer.from(text)], true).bytes).toEqual([]);
  });

  it("finds fields in whichever case", () => {
    expect(fieldOf("HTTP/1.1 200 OK\r\nX: 1\r\ncURSOR:  12 \r\n", "cursor")).toBe("12");
    expect(fieldOf("HTTP/1.1 200 OK\r\nX-Cursor: 1\r\n", "cursor")).toBeNull();
  });
});
