import type { Socket } from "node:net";

/** The types of frames: RFC 9113, section 6, and RFC 7838, section 4. */
const types = { data: 0, headers: 1, settings: 4, ping: 6, altsvc: 10 } as const;

/** A frame of HTTP/2 as it is sent: RFC 9113, section 4.1. */
export function frameOf(
  type: keyof typeof types,
  stream: number,
  payload: Buffer | string = "",
  flags = 0,
): Buffer {
  const body = Buffer.from(payload);
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head.writeUInt8(types[type], 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
}

export const endStream = 1;

/** A frame with the head of a request or an answer, whose fields are compressed in no way. */
export function headOf(
  stream: number,
  fields: Readonly<Record<string, string>>,
  flags = 0,
): Buffer {
  const endHeaders = 4;
  // RFC 7541, section 6.2.2.
  const encoded = Object.entries(fields).flatMap(([name, value]) => [
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
  return frameOf("headers", stream, Buffer.concat(encoded), endHeaders | flags);
}

/** With which both sides begin: that there is nothing to set, and that the other's settings are taken. */
export const settled: Buffer = Buffer.concat([
  frameOf("settings", 0),
  frameOf("settings", 0, "", 1),
]);

/** What a client sends before anything else: RFC 9113, section 3.4. */
export const preface: Buffer = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** Calls `answer` when the head of the first request has come, which has stream 1. */
export function answeringHttp2(answer: (socket: Socket) => void): (socket: Socket) => void {
  return (socket) => {
    let received = Buffer.alloc(0);
    const receive = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk]);
      if (!hasHead(received.subarray(preface.length))) return;
      socket.off("data", receive).resume();
      answer(socket);
    };
    socket.on("data", receive);
  };
}

function hasHead(frames: Buffer): boolean {
  for (let at = 0; at + 9 <= frames.length; at += 9 + frames.readUIntBE(at, 3)) {
    if (frames.readUInt8(at + 3) === types.headers) return true;
  }
  return false;
}
