import { describe, expect, it } from "vitest";
import { cuts, readShared } from "../test/pieces.ts";
import { AnswerBody } from "./answer-body.ts";
import { AnswerHeads } from "./answer-head.ts";
import { ProtocolError } from "./protocol-error.ts";

/** What an answer in pieces holds: interim statuses, its status, its body, and whether that has ended. */
function taken(...pieces: readonly Buffer[]): string {
  let text = "";
  const heads = new AnswerHeads((status) => (text += `${status}, `));
  const answer: { body: AnswerBody | null } = { body: null };
  readShared(pieces, (chunk, from, to) => {
    let at = from;
    if (answer.body === null) {
      // Heads are read from where a chunk begins.
      const end = heads.read(chunk.subarray(from), to - from);
      if (heads.head === null) return;
      at = from + end;
      text += `${heads.head.status}: `;
      answer.body = new AnswerBody(heads.head, (part, start, stop) => {
        text += part.toString("latin1", start, stop);
      });
    }
    answer.body.read(chunk, at, to);
  });
  return text + (answer.body?.isEnded === true ? " (end)" : "");
}

const ok = "HTTP/1.1 200 OK\r\n";
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;

it.each([
  ["of a length", `${ok}Content-Length: 5\r\n\r\nhello`, "200: hello (end)"],
  ["of no length", `${ok}Content-Length: 0\r\n\r\n`, "200:  (end)"],
  ["until the connection ends", `${ok}\r\nhello`, "200: hello"],
  ["in chunks", `${chunked}5\r\nhello\r\n006\r\n world\r\n0\r\n\r\n`, "200: hello world (end)"],
  ["in chunks with extensions", `${chunked}5;a="b"\r\nhello\r\n0;last\r\n\r\n`, "200: hello (end)"],
  [
    "with trailers",
    `${chunked}A\r\n0123456789\r\n0\r\nB: c\r\nD: e\r\n\r\n`,
    "200: 0123456789 (end)",
  ],
  [
    "behind interim answers",
    `HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 100 Go\r\n\r\n${ok}\r\nhello`,
    "103, 100, 200: hello",
  ],
])("reads an answer %s, wherever it is cut", (_how, answer, wanted) => {
  for (const pieces of cuts(Buffer.from(answer))) expect(taken(...pieces)).toBe(wanted);
});

describe("refuses", () => {
  it.each([
    ["a size that is none", `${chunked}zz\r\n`, "Invalid character in chunk size"],
    ["no size", `${chunked}\r\n`, "Invalid character in chunk size"],
    ["a size beyond all bounds", `${chunked}${"f".repeat(16)}\r\n`, "Chunk size overflow"],
    ["a size without its end", `${chunked}5\rhello`, "Expected LF after chunk size"],
    ["a chunk longer than its size", `${chunked}2\r\nhello`, "Expected CR after chunk data"],
    ["a chunk that ends otherwise", `${chunked}2\r\nhi\rx`, "Expected LF after chunk data"],
    ["a line feed in an extension", `${chunked}2;a\nhi`, "a line feed alone ends a chunk's size"],
    ["another version", "HTTP/2 200\r\n\r\n", "Invalid HTTP version"],
    ["a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", "Invalid response status"],
    ["a field without a name", `${ok}: x\r\n\r\n`, "Invalid header token"],
    ["a null in a field", `${ok}a: \0\r\n\r\n`, "Invalid header value char"],
    ["lines that end with line feeds", "HTTP/1.1 200 OK\n", "a line feed alone ends a line"],
  ])("%s, wherever it is cut", (_what, answer, why) => {
    for (const pieces of cuts(Buffer.from(answer, "latin1"))) {
      expect(() => taken(...pieces)).toThrow(
        new ProtocolError(`an answer that isn't HTTP/1.1: ${why}`),
      );
    }
  });

  it.each([
    ["a head", `${ok}${"A: b\r\n".repeat(3_000)}`],
    ["an extension", `${chunked}5;${"x".repeat(20_000)}`],
    ["trailers", `${chunked}0\r\n${"A: b\r\n".repeat(3_000)}`],
    ["a size of nothing but zeros", `${chunked}${"0".repeat(20_000)}`],
  ])("%s without an end", (_what, answer) => {
    const bytes = Buffer.from(answer);
    for (const pieces of [[bytes], cuts(bytes)[0] ?? []]) {
      expect(() => taken(...pieces)).toThrow("an answer whose headers are too long");
    }
  });
});
