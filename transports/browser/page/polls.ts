import { messageOf } from "./client.ts";
import type { OpenClient, Tells } from "./client.ts";
import { Upstream } from "./upstream.ts";

/** `fetch` again and again: as soon as an answer has come, or on a grid of `intervalMs`. */
export const openPolls: OpenClient = (settings, tells) => {
  const { channel, after, binary = false, intervalMs, phase = 0 } = settings;
  const abort = new AbortController();
  const { signal } = abort;
  const end = (reason: string): void => {
    if (signal.aborted) return;
    abort.abort();
    tells.closed(reason);
  };
  const upstream = new Upstream(channel, end);
  let cursor = after ?? 0;

  const ask = async (path: string): Promise<void> => {
    // Otherwise polls for the same would wait for each other in the browser's cache.
    const answer = await fetch(path, { cache: "no-store", signal });
    const { status, headers } = answer;
    if (status === 204) return greeted(headers.get("cursor"));
    if (status !== 200) throw new Error(`the server answered with status ${status}`);
    take(Number(headers.get("cursor")), await answer.arrayBuffer());
  };

  let isGreeted = after !== undefined;
  const greeted = (newest: string | null): void => {
    if (isGreeted) return;
    isGreeted = true;
    cursor = Number(newest);
  };

  const take = (last: number, body: ArrayBuffer): void => {
    const messages = splitMessages(new Uint8Array(body));
    if (messages === null || !Number.isSafeInteger(last)) throw new Error("the answer is broken");
    const missed = last - messages.length - cursor;
    if (missed > 0) tells.gap(missed);
    cursor = last - messages.length;
    for (const message of messages) {
      cursor += 1;
      tell(tells, cursor, message, binary);
    }
  };

  const first = performance.now() + phase * (intervalMs ?? 0);
  const nextBeat = async (): Promise<void> => {
    if (intervalMs === undefined) return;
    const beats = Math.max(0, Math.ceil((performance.now() - first) / intervalMs));
    const dueMs = first + beats * intervalMs - performance.now();
    await new Promise((resolve) => setTimeout(resolve, dueMs));
  };

  const poll = async (): Promise<void> => {
    const path = `/poll/${channel}`;
    await ask(after === undefined ? path : `${path}?after=${after}&wait=0`);
    tells.open(cursor);
    while (!signal.aborted) {
      await nextBeat();
      if (!signal.aborted) await ask(`${path}?after=${cursor}`);
    }
  };
  poll().catch((error: unknown) => end(messageOf(error)));

  return {
    send: (payload) => upstream.send(payload),
    close() {
      abort.abort();
      upstream.close();
    },
  };
};

const decoder = new TextDecoder();

function tell(tells: Tells, cursor: number, message: Uint8Array, binary: boolean): void {
  tells.message(cursor, binary ? new Uint8Array(message).buffer : decoder.decode(message));
}

const lineFeed = 10;

/** Each message is its length in decimal, a line feed and its bytes; null for what isn't made of whole ones. */
function splitMessages(body: Uint8Array): Uint8Array[] | null {
  const messages: Uint8Array[] = [];
  let at = 0;
  while (at < body.length) {
    const end = body.indexOf(lineFeed, at);
    const length = end === -1 ? NaN : Number(decoder.decode(body.subarray(at, end)));
    if (!Number.isSafeInteger(length) || end + 1 + length > body.length) return null;
    messages.push(body.subarray(end + 1, end + 1 + length));
    at = end + 1 + length;
  }
  return messages;
}
