import { Client } from "undici";
import type { Dispatcher } from "undici";
import type { Opened, Opening } from "./bare-client.ts";

/** A client of undici with one connection, which is given. */
export function clientOn({ authority, socket }: Pick<Opening, "authority" | "socket">): Client {
  return new Client(`http://${authority}`, {
    pipelining: 1,
    keepAliveTimeout: 600_000,
    keepAliveMaxTimeout: 600_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect(_options, callback) {
      socket.once("connect", () => callback(null, socket));
    },
  });
}

const lineFeed = 10;
const goldenSection = 0.618_033_988_749_895;

/**
 * A loop over undici's `dispatch`, with the handler that gives headers unparsed: it asks again at once,
 * or on a grid of `intervalMs`. Not with `setInterval`, which would have the clients drift into polling
 * in step, and polls that come in batches are cheaper.
 */
export function openPolls(opening: Opening, intervalMs: number | null): Opened {
  const { channel, next, number, recorder, ready } = opening;
  const client = clientOn(opening);
  const position = { next };
  let cursor = "";
  let greeted = false;
  let ended = false;
  let body: Buffer | undefined;
  let timer: NodeJS.Timeout | undefined;

  const poll = (): void => {
    client.dispatch({ method: "GET", path: `/poll/${channel}?after=${cursor}` }, handler);
  };

  const first = performance.now() + ((number * goldenSection) % 1) * (intervalMs ?? 0);
  let beat = -1;
  const pollAgain = (): void => {
    if (intervalMs === null) return poll();
    const passed = performance.now() - first;
    // A timer may fire a little early, and no beat is polled twice.
    beat = Math.max(beat + 1, Math.ceil(passed / intervalMs));
    timer = setTimeout(poll, beat * intervalMs - passed);
  };

  const take = (bytes: Buffer): void => {
    let at = 0;
    while (at < bytes.length) {
      let length = 0;
      for (; bytes[at] !== lineFeed; at += 1) length = length * 10 + (bytes[at] ?? 0) - 48;
      recorder.bytes(position, bytes.subarray(at + 1, at + 1 + length));
      at += 1 + length;
    }
  };

  const handler: Dispatcher.DispatchHandler = {
    onConnect() {},
    onHeaders(_status, headers) {
      for (let at = 0; at < headers.length; at += 2) {
        if (headers[at]?.length === 6 && headers[at]?.toString("latin1") === "Cursor") {
          cursor = headers[at + 1]?.toString("latin1") ?? cursor;
        }
      }
      return true;
    },
    onData(chunk) {
      body = body === undefined ? chunk : Buffer.concat([body, chunk]);
      return true;
    },
    onComplete() {
      if (body !== undefined) {
        take(body);
        body = undefined;
      }
      if (!greeted) {
        greeted = true;
        ready();
      }
      if (!ended) pollAgain();
    },
    onError(error) {
      if (!ended) throw error;
    },
  };
  client.dispatch({ method: "GET", path: `/poll/${channel}` }, handler);
  return {
    close() {
      ended = true;
      clearTimeout(timer);
      void client.destroy();
    },
  };
}
