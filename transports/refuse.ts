import type { ServerResponse } from "node:http";
import type { ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import { isHttp2Stream } from "./answer-framing.ts";

export type UpgradedStream = Socket | ServerHttp2Stream;

/** Answers with an error status and one line that says what would have been right. */
export function refuse(
  response: ServerResponse,
  status: number,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = `${reason}\n`;
  response.writeHead(status, {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

/** The same for a request to upgrade, with which the connection ends, or with HTTP/2 its stream. */
export function refuseUpgrade(
  stream: UpgradedStream,
  status: string,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  stream.on("error", () => {});
  const length = Buffer.byteLength(reason);
  if (isHttp2Stream(stream)) {
    stream.respond({
      ":status": Number.parseInt(status, 10),
      "content-type": "text/plain; charset=utf-8",
      "content-length": length,
      ...headers,
    });
    return void stream.end(reason, () => stream.close());
  }
  const fields = { Connection: "close", "Content-Type": "text/plain; charset=utf-8", ...headers };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  stream.write(`HTTP/1.1 ${status}\r\n${lines.join("")}Content-Length: ${length}\r\n\r\n${reason}`);
  // Not `end`: a client that keeps its side open would keep the socket.
  stream.destroySoon();
}
