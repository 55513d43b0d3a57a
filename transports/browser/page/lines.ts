import { Subscription, connected, messageOf, resuming } from "./client.ts";
import type { OpenClient, Tells } from "./client.ts";
import type { PageClientSettings } from "../page-protocol.ts";
import { Upstream } from "./upstream.ts";

/** `fetch`, whose body is read as text while it arrives: one JSON value a line. */
export const openLines: OpenClient = (settings, tells) =>
  settings.asks === true ? openAsking(settings, tells) : openStream(settings, tells);

const openStream: OpenClient = (settings, tells) => {
  const { channel, method = "GET" } = settings;
  const subscription = new Subscription(settings, tells);
  const abort = new AbortController();
  const end = (reason: string): void => {
    abort.abort();
    subscription.end(reason);
  };
  const upstream = new Upstream(channel, end);
  const path = `/stream/${channel}${resuming(settings)}`;
  readLines(path, { method, signal: abort.signal }, subscription)
    .then(() => end("the stream has ended"))
    .catch((error: unknown) => end(messageOf(error)));
  return {
    send: (payload) => upstream.send(payload),
    close() {
      subscription.isEnded = true;
      abort.abort();
      upstream.close();
    },
  };
};

/** Asks for each answer by a POST of its own, when that before it is whole. */
function openAsking(settings: PageClientSettings, tells: Tells): ReturnType<OpenClient> {
  const { channel, after } = settings;
  const abort = new AbortController();
  const { signal } = abort;
  const end = (reason: string): void => {
    if (signal.aborted) return;
    abort.abort();
    tells.closed(reason);
  };
  const ask = async (body: string | Blob | null, given: PageClientSettings): Promise<void> => {
    // With the rest of an answer, it is connected when that begins; otherwise it has been before.
    const open = (cursor: number): void => {
      if (given.after !== undefined) tells.open(cursor);
    };
    const answer = new Subscription(given, { ...tells, open });
    const path = `/stream/${channel}${resuming(given)}`;
    await readLines(path, { method: "POST", body, signal }, answer);
    if (!signal.aborted) tells.answered();
  };
  const { after: _after, ...fresh } = settings;
  const first = async (): Promise<void> => {
    if (after !== undefined) return await ask(null, settings);
    await connected();
    tells.open(0);
  };
  let last = first();
  last.catch((error: unknown) => end(messageOf(error)));
  return {
    send(payload) {
      const body = typeof payload === "string" ? payload : new Blob([new Uint8Array(payload)]);
      last = last.then(() => ask(body, fresh));
      last.catch((error: unknown) => end(messageOf(error)));
    },
    close: () => abort.abort(),
  };
}

/** Reads the lines of an answer to its end; throws where it breaks off, or is none. */
async function readLines(
  path: string,
  request: RequestInit,
  subscription: Subscription,
): Promise<void> {
  const answer = await fetch(path, { cache: "no-store", ...request });
  if (answer.status !== 200) throw new Error(`the server answered with status ${answer.status}`);
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let begun = "";
  for (;;) {
    const { done = true, value } = (await reader?.read()) ?? {};
    if (done || value === undefined) return;
    const lines = (begun + value).split("\n");
    begun = lines.pop() ?? "";
    for (const line of lines) take(line, subscription);
  }
}

function take(line: string, subscription: Subscription): void {
  // A heartbeat.
  if (line.trim() === "") return;
  const value: unknown = JSON.parse(line);
  if (typeof value !== "object" || value === null) return;
  if ("data" in value && typeof value.data === "string") {
    const number = "id" in value && typeof value.id === "number" ? value.id : undefined;
    subscription.message(value.data, number);
  } else if ("hello" in value) subscription.hello(String(value.hello));
}
