import { Subscription, messageOf, resuming } from "./client.ts";
import type { OpenClient } from "./client.ts";
import { Upstream } from "./upstream.ts";

/** `fetch`, whose body is read as text while it arrives: one JSON value a line. */
export const openLines: OpenClient = (settings, tells) => {
  const { channel, method = "GET" } = settings;
  const subscription = new Subscription(settings, tells);
  const abort = new AbortController();
  const end = (reason: string): void => {
    abort.abort();
    subscription.end(reason);
  };
  const upstream = new Upstream(channel, end);

  const take = (line: string): void => {
    // A heartbeat.
    if (line.trim() === "") return;
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null) return;
    if ("data" in value && typeof value.data === "string") {
      const number = "id" in value && typeof value.id === "number" ? value.id : undefined;
      subscription.message(value.data, number);
    } else if ("hello" in value) subscription.hello(String(value.hello));
  };

  const read = async (): Promise<void> => {
    const path = `/stream/${channel}${resuming(settings)}`;
    const answer = await fetch(path, { method, cache: "no-store", signal: abort.signal });
    if (answer.status !== 200) throw new Error(`the server answered with status ${answer.status}`);
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let begun = "";
    for (;;) {
      const { done = true, value } = (await reader?.read()) ?? {};
      if (done || value === undefined) throw new Error("the stream has ended");
      const lines = (begun + value).split("\n");
      begun = lines.pop() ?? "";
      for (const line of lines) take(line);
    }
  };
  read().catch((error: unknown) => end(messageOf(error)));

  return {
    send: (payload) => upstream.send(payload),
    close() {
      subscription.isEnded = true;
      abort.abort();
      upstream.close();
    },
  };
};
