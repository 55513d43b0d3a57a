import type {
  AnsweredInTab,
  Filled,
  NextStream,
  Ticked,
  TickedTimer,
  Visibility,
} from "../../scenarios/browser-verbs.ts";

/** How a page opens a stream, and where. */
export interface StreamWay {
  readonly api: "EventSource" | "WebSocket" | "fetch" | "poll";
  readonly url: string;
}

/** What runs in a page, by which it is asked to open streams as any page does, and to tell what becomes of them. */
export interface TabStreams {
  fill(way: StreamWay, atMost: number, waitMs: number): Promise<Filled>;
  /** Begins so many polls, of which only the server knows whether they have come. */
  poll(way: StreamWay, count: number): void;
  /** So many of the polls that were begun have come: of the others one goes on waiting. */
  settle(opened: number): void;
  fetch(url: string, waitMs: number): Promise<AnsweredInTab>;
  closeFirst(way: StreamWay, waitMs: number): Promise<number | null>;
  giveUp(): void;
  counts(): TabCounts;
  heard(): HeardInTab;
  tick(url: string, forMs: number): Promise<Ticked>;
}

export interface HeardInTab {
  readonly streams: number;
  /** Those that are open and haven't. */
  readonly unheard: number;
  readonly letInMs: number | null;
}

export interface TabCounts {
  readonly open: number;
  readonly longestWaitMs: number | null;
}

// Of what a page has and Node hasn't.
declare const document: { readonly visibilityState: Visibility };
declare function requestAnimationFrame(drawn: () => void): void;

/**
 * Made in a page, from its text: nothing outside of it may be used. Times are those of the page's own clock, and nothing
 * is awaited that the page couldn't await.
 */
export function tabStreams(): TabStreams {
  interface Stream {
    readonly askedMs: number;
    /** A poll `waits` so long as the server hasn't been asked whether it has come. */
    state: "waits" | "open" | "over";
    error: string | null;
    hasHeard: boolean;
    close(): void;
    readonly settled: Promise<void>;
  }

  const streams: Stream[] = [];
  const unsettled: Stream[] = [];
  let closedMs: number | null = null;
  let polled: string | null = null;
  const now = (): number => performance.now();
  const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  const begin = ({ api, url }: StreamWay): Stream => {
    let settle = (): void => {};
    const settled = new Promise<void>((resolve) => (settle = resolve));
    const stream: Stream = {
      askedMs: now(),
      state: "waits",
      error: null,
      hasHeard: false,
      close: () => {},
      settled,
    };
    streams.push(stream);
    const opened = (): void => {
      if (stream.state === "waits") stream.state = "open";
      settle();
    };
    const failed = (error: string): void => {
      if (stream.state !== "over") stream.error = error;
      stream.state = "over";
      settle();
    };
    const heard = (): void => void (stream.hasHeard = true);
    const end = (close: () => void): void => {
      stream.close = () => {
        stream.state = "over";
        close();
      };
    };
    try {
      if (api === "EventSource") {
        const source = new EventSource(url);
        source.addEventListener("open", opened);
        source.addEventListener("message", heard);
        source.addEventListener("error", () => {
          failed(`error event, readyState ${source.readyState}`);
          source.close();
        });
        end(() => source.close());
      } else if (api === "WebSocket") {
        const socket = new WebSocket(url.replace(/^http/, "ws"));
        socket.addEventListener("open", opened);
        socket.addEventListener("message", heard);
        socket.addEventListener("close", ({ code, reason }) =>
          failed(`close event, code ${code}${reason && `: ${reason}`}`),
        );
        end(() => socket.close());
      } else {
        const control = new AbortController();
        end(() => control.abort());
        const read = async (): Promise<void> => {
          const { body } = await fetch(url, { signal: control.signal, cache: "no-store" });
          if (api === "fetch") opened();
          const reader = body?.getReader();
          for (;;) {
            const chunk = await reader?.read();
            if (chunk === undefined || chunk.done) return;
            heard();
          }
        };
        read().catch((error: unknown) => failed(String(error)));
      }
    } catch (error) {
      failed(`throws ${String(error)}`);
    }
    return stream;
  };

  const opens = async (stream: Stream, waitMs: number): Promise<NextStream | null> => {
    await Promise.race([stream.settled, after(waitMs)]);
    if (stream.state === "open") return null;
    return stream.error === null ? { how: "waits" } : { how: "fails", error: stream.error };
  };

  return {
    async fill(way, atMost, waitMs) {
      for (let opened = 0; opened < atMost; opened += 1) {
        const next = await opens(begin(way), waitMs);
        if (next !== null) return { opened, next };
      }
      return { opened: atMost, next: null };
    },

    poll(way, count) {
      performance.setResourceTimingBufferSize(10_000);
      polled = way.url;
      for (let begun = 0; begun < count; begun += 1) unsettled.push(begin(way));
    },

    settle(opened) {
      const polls = unsettled.splice(0);
      for (const stream of polls.slice(0, opened)) stream.state = "open";
      for (const stream of polls.slice(opened + 1)) stream.close();
    },

    async fetch(url, waitMs) {
      const control = new AbortController();
      const askedMs = now();
      const answer = fetch(url, { signal: control.signal, cache: "no-store" }).then(
        async (response): Promise<AnsweredInTab> => {
          await response.text();
          return { ms: now() - askedMs, error: null };
        },
      );
      const told = answer.catch((error: unknown) => ({ ms: null, error: String(error) }));
      const answered = await Promise.race([told, after(waitMs)]);
      control.abort();
      return answered ?? { ms: null, error: null };
    },

    async closeFirst(way, waitMs) {
      const first = streams.find(({ state }) => state === "open");
      if (first === undefined) return null;
      closedMs = now();
      first.close();
      const waiting = streams.find(({ state }) => state === "waits");
      if (way.api === "poll") {
        if (waiting !== undefined) waiting.state = "open";
        return null;
      }
      // Another may not be taken before the one that is closed has gone.
      for (let next = waiting ?? begin(way); now() - closedMs < waitMs; next = begin(way)) {
        if ((await opens(next, waitMs - (now() - closedMs))) === null) return now() - closedMs;
        if (next.error === null) return null;
        await after(1);
      }
      return null;
    },

    giveUp() {
      for (const stream of streams) {
        if (stream.state === "waits") stream.close();
        stream.hasHeard = false;
      }
    },

    counts() {
      const waiting = streams.filter(({ state }) => state === "waits");
      return {
        open: streams.filter(({ state }) => state === "open").length,
        longestWaitMs:
          waiting.length === 0 ? null : now() - Math.min(...waiting.map(({ askedMs }) => askedMs)),
      };
    },

    heard() {
      const since = closedMs;
      const let_in =
        since === null || polled === null
          ? []
          : performance
              .getEntriesByType("resource")
              .filter(({ name }) => name === polled)
              .map((entry) => ("requestStart" in entry ? Number(entry.requestStart) : 0))
              .filter((startMs) => startMs > since)
              .map((startMs) => startMs - since);
      return {
        streams: streams.filter(({ hasHeard }) => hasHeard).length,
        unheard: streams.filter(({ state, hasHeard }) => state === "open" && !hasHeard).length,
        letInMs: let_in.length === 0 ? null : Math.min(...let_in),
      };
    },

    async tick(url, forMs) {
      const startMs = now();
      const isOver = (): boolean => now() - startMs >= forMs;
      let frames = 0;
      let fetches = 0;
      const timers = [100, 1_000].map((everyMs) => {
        let lastMs = startMs;
        const timer = { everyMs, count: 0, longestMs: 0 };
        const gone = (): void => {
          timer.longestMs = Math.max(timer.longestMs, now() - lastMs);
          lastMs = now();
        };
        const id = setInterval(() => {
          timer.count += 1;
          gone();
        }, everyMs);
        const end = (): TickedTimer => {
          clearInterval(id);
          gone();
          return timer;
        };
        return { end };
      });
      const draw = (): void => {
        frames += 1;
        if (!isOver()) requestAnimationFrame(draw);
      };
      requestAnimationFrame(draw);
      // Its end is told by answers, and not by a timer, which may be what is late.
      while (!isOver()) {
        const response = await fetch(url, { cache: "no-store" });
        await response.text();
        fetches += 1;
      }
      return {
        visibility: document.visibilityState,
        forMs: now() - startMs,
        timers: timers.map(({ end }) => end()),
        frames,
        fetches,
      };
    },
  };
}
