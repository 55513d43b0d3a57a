import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { expect } from "vitest";
import { Signal } from "../bench/conformance/recording-client.ts";
import type { CountedListener } from "../bench/measure/listener.ts";
import { longPolling } from "../transports/long-polling.ts";
import { shortPolling } from "../transports/short-polling.ts";
import { sse } from "../transports/sse.ts";
import { streaming } from "../transports/streaming.ts";
import type { AnyTransport } from "../transports/define-transport.ts";
import { websocket } from "../transports/websocket.ts";
import { Link } from "../bench/conformance/link.ts";

// Clients that don't keep to a protocol, and the servers that they meet.

export interface Edge {
  readonly transport: AnyTransport;
  readonly options: Readonly<Record<string, unknown>>;
  /** What a well-behaved client asks for. */
  readonly path: string;
  /** The head lines and path of a request that resumes after `cursor`. */
  resume(cursor: string): { path: string; headers: Readonly<Record<string, string>> };
  readonly handshake: Readonly<Record<string, string>>;
  /** Where it listens, if not as usual. */
  readonly listen?: () => Promise<CountedListener>;
}

export const upgrade: Readonly<Record<string, string>> = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Version": "13",
};

const poll = {
  path: "/poll/all",
  resume: (cursor: string) => ({ path: `/poll/all?after=${cursor}`, headers: {} }),
  handshake: {},
};

export const edges: readonly Edge[] = [
  { transport: shortPolling, options: { intervalMs: 20 }, ...poll },
  { transport: longPolling, options: {}, ...poll },
  {
    transport: sse,
    options: {},
    path: "/sse/all",
    resume: (cursor) => ({ path: "/sse/all", headers: { "Last-Event-ID": cursor } }),
    handshake: {},
  },
  {
    transport: streaming,
    options: {},
    path: "/stream/all",
    resume: (cursor) => ({ path: `/stream/all?after=${cursor}`, headers: {} }),
    handshake: {},
  },
  {
    transport: websocket,
    options: {},
    path: "/ws/all",
    resume: (cursor) => ({ path: `/ws/all?after=${cursor}`, headers: upgrade }),
    handshake: upgrade,
  },
];
export const withPost: readonly Edge[] = edges.filter(({ transport }) => transport !== websocket);

/** Opens a server with one client, lets `body` misbehave, and proves that the client is still served. */
export async function besideAlice(
  { transport, options, listen }: Pick<Edge, "transport" | "options" | "listen">,
  body: (link: Link) => Promise<void>,
): Promise<void> {
  await using link = await Link.open(transport.configure("default", options), { listen });
  await using alice = await link.connect();
  await body(link);
  link.publish("still served");
  await alice.seen.changes.until(() => alice.seen.received.includes("still served"));
  expect(alice.seen.endings).toEqual([]);
}

/** The head of a request for loopback, as it is sent. */
export function requestOf(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): string {
  const lines = Object.entries({ Host: "localhost", ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

/** A connection on which anything can be written. */
export class Stranger {
  /** What has come back, byte by byte. */
  text = "";
  readonly #socket;
  readonly #changes = new Signal();
  #state: "connecting" | "open" | "ended" = "connecting";

  constructor(link: Link, options: { allowHalfOpen: boolean } = { allowHalfOpen: false }) {
    this.#socket = connect({ host: "127.0.0.1", port: link.listener.port, ...options });
    this.#socket.on("connect", () => this.#become("open"));
    this.#socket.on("data", (chunk) => {
      this.text += chunk.toString("latin1");
      this.#changes.changed();
    });
    this.#socket.on("error", () => {});
    this.#socket.on("end", () => this.#become("ended"));
    this.#socket.on("close", () => this.#become("ended"));
  }

  write(bytes: Buffer | string): void {
    this.#socket.write(bytes);
  }

  head(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    more: Buffer = Buffer.alloc(0),
  ): void {
    this.write(Buffer.concat([Buffer.from(requestOf(method, path, headers)), more]));
  }

  /** Ends this side only. */
  end(): void {
    this.#socket.end();
  }

  /** Reads no more. */
  pause(): void {
    this.#socket.pause();
  }

  /** Reads on. */
  resume(): void {
    this.#socket.resume();
  }

  connected(): Promise<void> {
    return this.#changes.until(() => this.#state !== "connecting");
  }

  until(pattern: Pick<RegExp, "test">): Promise<void> {
    return this.#changes.until(() => pattern.test(this.text));
  }

  /** Resolves when the server has ended the connection. */
  ended(): Promise<void> {
    return this.#changes.until(() => this.#state === "ended");
  }

  async reset(): Promise<void> {
    if (this.#socket.destroyed) return;
    const closed = new Promise((resolve) => this.#socket.once("close", resolve));
    this.#socket.resetAndDestroy();
    await closed;
  }

  #become(state: "open" | "ended"): void {
    this.#state = state;
    this.#changes.changed();
  }
}

/** The status that a request is answered with, whether or not the answer ends. */
export async function statusOf(
  link: Link,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  const stranger = new Stranger(link);
  stranger.head("GET", path, headers);
  await stranger.until(/^HTTP\/1.1 \d{3}/);
  await stranger.reset();
  return Number(stranger.text.slice(9, 12));
}

interface Question {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: Buffer;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** One request and its whole answer, on a connection of its own. */
export function ask(
  link: Link,
  { path, method = "GET", headers = {}, body }: Question,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const given = Object.entries(headers).filter(([, value]) => value !== undefined);
    const request = httpRequest({
      host: "127.0.0.1",
      port: link.listener.port,
      agent: false,
      path,
      method,
      headers: Object.fromEntries(given),
    });
    request.on("error", reject);
    request.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode, headers: response.headers, body: "" });
    });
    request.on("response", (response) => {
      let text = "";
      response.on("data", (chunk) => (text += chunk));
      response.on("error", reject);
      response.on("end", () => {
        resolve({ status: response.statusCode, headers: response.headers, body: text });
      });
    });
    request.end(body);
  });
}
