import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Answered, Answering } from "../../scenarios/scenario.ts";
import type { TransportServer } from "../../transports/transport.ts";
import { nowNs } from "../measure/clock.ts";
import { replaceMethod } from "./faulty.ts";

/**
 * How a server answers beside what its transport says, and whom it loses before it has answered in full. Stands before
 * the transport's own handlers, in trials that ask for it.
 */
export class Answers {
  readonly #server: TransportServer;
  #how: Answering = {};
  /** When it was told that a client has gone, each time. */
  readonly #lostNs: number[] = [];
  readonly #watchers = new Set<() => void>();

  /** `server` has been mounted on `http`. */
  constructor(server: TransportServer, http: Server) {
    this.#server = server;
    http.prependListener("request", (_request: IncomingMessage, response: ServerResponse) => {
      const { socket } = response;
      response.once("close", () => this.#closed(response.writableFinished));
      const { fields, eventsAfterMs = 0 } = this.#how;
      if (fields !== undefined) addFields(response, fields);
      if (eventsAfterMs > 0 && socket !== null) delayBehindHead(response, socket, eventsAfterMs);
    });
    // Node would take others for such that nobody upgrades.
    if (http.listenerCount("upgrade") === 0) return;
    http.prependListener("upgrade", (_request: IncomingMessage, stream: Socket) =>
      stream.once("close", () => this.#closed(false)),
    );
  }

  set(how: Answering): Answered {
    this.#how = how;
    this.#server.padding?.(how.paddingBytes ?? 0);
    return { pads: this.#server.padding !== undefined };
  }

  /** See `ServerVerbs.loses`. */
  async loses({ sinceNs, forMs }: { sinceNs: number; forMs: number }): Promise<number | null> {
    const first = (): number | null => this.#lostNs.find((atNs) => atNs >= sinceNs) ?? null;
    if (first() !== null) return first();
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve();
      };
      const look = (): void => {
        if (first() !== null) done();
      };
      const timer = setTimeout(done, forMs);
      this.#watchers.add(look);
    });
    return first();
  }

  #closed(isComplete: boolean): void {
    if (isComplete) return;
    this.#lostNs.push(nowNs());
    for (const look of this.#watchers) look();
  }
}

/** What the transport says itself stands back behind these. */
function addFields(response: ServerResponse, fields: Readonly<Record<string, string>>): void {
  const writeHead = response.writeHead.bind(response);
  const names = new Set(Object.keys(fields).map((name) => name.toLowerCase()));
  replaceMethod(response, "writeHead", (status: number, own?: unknown) => {
    const given = typeof own === "object" && own !== null ? own : {};
    const others = Object.entries(given).filter(([name]) => !names.has(name.toLowerCase()));
    return writeHead(status, { ...Object.fromEntries(others), ...fields });
  });
}

/** Has what is written behind a head that is flushed by itself wait. */
function delayBehindHead(response: ServerResponse, socket: Socket, byMs: number): void {
  const flushHeaders = response.flushHeaders.bind(response);
  replaceMethod(response, "flushHeaders", () => {
    flushHeaders();
    const waiting: unknown[][] = [];
    const undo = replaceMethod(socket, "write", (...written: unknown[]) => {
      waiting.push(written);
      return true;
    });
    setTimeout(() => {
      undo();
      const write = socket.write.bind(socket);
      for (const written of waiting) Reflect.apply(write, socket, written);
    }, byMs);
  });
}
