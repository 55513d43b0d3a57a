import { createHash } from "node:crypto";

// Bytes as a server would write them, by the documents and by nobody's code.

/** A chunk of an HTTP/1.1 body: RFC 9112, section 7.1. */
export function chunked(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

/** A frame of the harness's own format over TCP. */
export function framed(text: string): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(Buffer.byteLength(text));
  return Buffer.concat([head, Buffer.from(text)]);
}

/** The answer to a WebSocket's handshake: RFC 6455, section 4.2.2. */
export function upgraded(request: string): string {
  const key = /sec-websocket-key: (.*)\r\n/i.exec(request)?.[1] ?? "";
  const accept = createHash("sha1")
    .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  return (
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
    `Sec-WebSocket-Accept: ${accept}\r\n\r\n`
  );
}

/** A text frame of fewer than 126 bytes: RFC 6455, section 5.2. */
export function textFrame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, Buffer.byteLength(text)]), Buffer.from(text)]);
}

const http2Types = { data: 0, headers: 1, settings: 4 } as const;
const endHeaders = 4;

/** A frame of HTTP/2 on its first stream, or on none for settings: RFC 9113, section 4.1. */
export function http2Frame(type: keyof typeof http2Types, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(http2Types[type], 3);
  head.writeUInt8(type === "headers" ? endHeaders : 0, 4);
  head.writeUInt32BE(type === "settings" ? 0 : 1, 5);
  return Buffer.concat([head, payload]);
}

/** How a client begins HTTP/2 with prior knowledge that wants a WebSocket: RFC 9113, section 3.4, and RFC 8441. */
export function extendedConnect(path: string): Buffer {
  const fields = {
    ":method": "CONNECT",
    ":protocol": "websocket",
    ":scheme": "http",
    ":path": path,
    ":authority": "localhost",
    "sec-websocket-version": "13",
  };
  // RFC 7541, section 6.2.2: literal fields, not to be kept.
  const literal = ([name, value]: [string, string]): Buffer =>
    Buffer.from(
      `\0${String.fromCharCode(name.length)}${name}${String.fromCharCode(value.length)}${value}`,
    );
  return Buffer.concat([
    Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    http2Frame("settings", Buffer.alloc(0)),
    http2Frame("headers", Buffer.concat(Object.entries(fields).map(literal))),
  ]);
}
