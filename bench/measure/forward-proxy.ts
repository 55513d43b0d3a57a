import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/** How a client reaches a server that it names to a forward proxy, on the connection with that. */
export interface ByForwardProxy {
  /** The server's host and port, as requests name it. */
  readonly authority: string;
  /**
   * `browser`: requests without TLS name the server in absolute form (RFC 9112, section 3.2.2); what is upgraded, and TLS,
   * goes through a tunnel (RFC 9110, section 9.3.6). `connect`: all does.
   */
  readonly by: "browser" | "connect";
}

/** A proxy's answer to CONNECT that is longer is none. */
const maxHeadBytes = 65_536;

const requestLine = /^([A-Z]+) (\/\S*) HTTP\/1\.1\r\n/;
const upgrade = /\r\nupgrade: /i;

/** Reads what arrives first: the proxy's answer to CONNECT. True as long as that is all. */
export type ReadAnswer = (chunk: Buffer) => Buffer | null;

/**
 * Has what a client writes first decide how it goes: as requests that the proxy reads, or through a tunnel, for which the
 * proxy is asked before. Clients write a head as one text. Returns what reads the answer, of sockets that hand over what
 * they read without having it pass through their stream: it gets each chunk, and returns what the client is to have of it.
 */
export function byForwardProxy(
  socket: Socket,
  { authority, by }: ByForwardProxy,
  isSecure: boolean,
): ReadAnswer {
  const write = socket.write.bind(socket);
  const push = socket.push.bind(socket);
  let how: "undecided" | "absolute" | "asking" | "tunnel" = "undecided";
  let held: (readonly unknown[])[] = [];
  let head = Buffer.alloc(0);

  const send = (words: readonly unknown[]): boolean => Reflect.apply(write, socket, words) === true;

  const decide = (first: unknown): void => {
    how = isSecure || by === "connect" || isUpgrade(first) ? "asking" : "absolute";
    if (how === "asking") send([connectHead(authority), "latin1"]);
  };

  // Others may have put theirs in the place of these, so they stay.
  socket.write = (chunk: unknown, ...further: unknown[]): boolean => {
    if (how === "undecided") decide(chunk);
    if (how === "asking") return held.push([chunk, ...further]) > 0;
    return send([how === "absolute" ? inAbsoluteForm(chunk, authority) : chunk, ...further]);
  };

  const readAnswer: ReadAnswer = (chunk) => {
    if (how !== "asking") return chunk;
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0 && head.length <= maxHeadBytes) return null;
    const refused = refusalIn(head.toString("latin1", 0, Math.max(0, end)));
    if (refused !== null) {
      socket.destroy(refused);
      return null;
    }
    how = "tunnel";
    for (const words of held) send(words);
    held = [];
    const rest = head.subarray(end + 4);
    return rest.length === 0 ? null : rest;
  };

  socket.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (how !== "asking" || !Buffer.isBuffer(chunk)) return push(chunk, encoding);
    const rest = readAnswer(chunk);
    // Node reads on where this returns true.
    return rest === null || push(rest);
  };
  return readAnswer;
}

/** Something that TLS can run on before the tunnel is there: of a socket, it would take what arrives from below. */
export function overTunnel(socket: Socket): Duplex {
  return Duplex.from({ readable: socket, writable: socket });
}

function connectHead(authority: string): string {
  return `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`;
}

function isUpgrade(chunk: unknown): boolean {
  return typeof chunk === "string" && requestLine.test(chunk) && upgrade.test(chunk);
}

function inAbsoluteForm(chunk: unknown, authority: string): unknown {
  if (typeof chunk !== "string") return chunk;
  return chunk.replace(requestLine, `$1 http://${authority}$2 HTTP/1.1\r\n`);
}

/** What the proxy answered in place of allowing a tunnel; null where it did. */
function refusalIn(head: string): TunnelRefused | null {
  const [, status = "", reason = ""] = /^HTTP\/1\.\d (\d{3}) ?([^\r\n]*)/.exec(head) ?? [];
  return status.startsWith("2") ? null : new TunnelRefused(Number(status), reason.slice(0, 100));
}

/** A proxy doesn't allow the tunnel that it was asked for. */
export class TunnelRefused extends Error {
  /** 0 where it gave no answer of HTTP. */
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string) {
    const answer = status === 0 ? "no answer of HTTP" : `${status} ${reason}`.trim();
    super(`the proxy answered CONNECT by ${answer}`);
    this.status = status;
    this.reason = reason;
  }
}
