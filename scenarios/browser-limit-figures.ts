import type { AnsweredInTab, Filled, NextStream, OpenStreams } from "./browser-verbs.ts";
import type { Figure } from "./figure.ts";

export type FilledTab = Filled;

/** What was seen of a browser with several tabs. */
export interface SeenLimits {
  /** One filled after the other. */
  readonly tabs: readonly FilledTab[];
  /** What became of an ordinary request of the last tab meanwhile. */
  readonly same: AnsweredInTab;
  readonly other: AnsweredInTab;
  /** One more stream, of the last tab, to another origin. */
  readonly elsewhere: Filled;
  readonly open: OpenStreams;
  readonly letInMs: number | null;
  /** When nothing waits any more. */
  readonly afterwards: OpenStreams;
  /** Streams that got a message then. */
  readonly heard: number;
}

/** The figures of a trial: what a report makes its truth table of. */
export function limitFigures(seen: SeenLimits): Figure[] {
  const { tabs, same, other, open, letInMs } = seen;
  const totals = totalsOf(tabs);
  return [
    ...[1, 2, 4, 8].flatMap((count) => openFigure(count, totals[count - 1] ?? null, isLate(seen))),
    text("scope", "limit of", isLate(seen) ? "not told" : scopeText(seen)),
    text("next", "the next one", nextText(nextOf(tabs))),
    {
      key: "watched",
      label: "watched",
      unit: "ms",
      better: "neither",
      value: open.longestWaitMs,
      about:
        "for how long the one was watched that waited longest and got neither opened nor an error",
    },
    text("fetch", "fetch,\nsame origin", fetchText(same)),
    text("fetch.other", "fetch,\nother origin", fetchText(other)),
    {
      key: "letsIn",
      label: "closing one\nlets in after",
      unit: "ms",
      better: "lower",
      value: letInMs,
      ...(letInMs === null && { note: closingText(seen) }),
      about: "from closing a stream until one is open in its place, by the page's clock",
    },
    text("closing", "closing one", closingText(seen)),
    text("agree", "server agrees", agreementText(seen)),
  ];
}

/** Whether one opened after all that was taken for one that waits, as on a machine that is busy. */
function isLate({ tabs, open }: Pick<SeenLimits, "tabs" | "open">): boolean {
  return open.inTabs > (totalsOf(tabs).at(-1) ?? 0);
}

/** How many are open after each tab. */
function totalsOf(tabs: readonly Filled[]): number[] {
  let total = 0;
  return tabs.map(({ opened }) => (total += opened));
}

function openFigure(tabs: number, value: number | null, late: boolean): Figure {
  return {
    key: `open.${tabs}`,
    label: `open,\n${tabs} ${tabs === 1 ? "tab" : "tabs"}`,
    unit: "count",
    better: "higher",
    value,
    counted: true,
    ...(late && { bound: "at least", note: "some opened later than they were waited for" }),
    about: "streams open at once in that many tabs of one origin, filled one after the other",
  };
}

function text(key: string, label: string, value: string): Figure {
  return { key, label, unit: "text", better: "neither", value };
}

/** What became of the first that didn't open. */
function nextOf(tabs: readonly Filled[]): NextStream | null {
  return tabs.flatMap(({ next }) => next ?? []).at(0) ?? null;
}

export function nextText(next: NextStream | null): string {
  if (next === null) return "opens";
  return next.how === "waits" ? "waits, no error" : `fails at once: ${next.error}`;
}

export function fetchText({ ms, error }: AnsweredInTab): string {
  if (ms !== null) return msText(ms);
  return error === null ? "waits" : `fails: ${error}`;
}

function msText(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/**
 * Whose limit it is. A tab's, where the next tab opens more; the browser's, where another origin can't have one
 * either; else an origin's. There may be two.
 */
export function scopeText({ tabs, elsewhere }: Pick<SeenLimits, "tabs" | "elsewhere">): string {
  const [first, ...others] = tabs;
  if (first?.next == null) return "none found";
  const total = totalsOf(tabs).at(-1) ?? 0;
  const isFull = tabs.at(-1)?.opened === 0;
  const outer = elsewhere.next === null ? "an origin" : "the browser";
  if (others.every(({ opened }) => opened === 0)) return outer;
  if (!isFull) return "a tab";
  return `a tab: ${first.opened}, ${outer}: ${total}`;
}

/** What closing one does for one that waits; it may also cost others theirs. */
export function closingText({
  open,
  letInMs,
  afterwards,
}: Pick<SeenLimits, "open" | "letInMs" | "afterwards">): string {
  const lost = open.inTabs - afterwards.inTabs;
  if (lost > 1) return `ends ${lost === open.inTabs ? "all" : lost} of them`;
  return letInMs === null ? "lets none in" : `lets one in after ${msText(letInMs)}`;
}

/** Whether pages and server tell the same: how many were open in the end, and got a message. */
export function agreementText({
  open,
  afterwards,
  heard,
}: Pick<SeenLimits, "open" | "afterwards" | "heard">): string {
  if (open.inTabs !== open.onServer) {
    return `no: ${open.inTabs} in tabs, ${open.onServer} on the server`;
  }
  const { inTabs, onServer } = afterwards;
  if (inTabs === onServer && heard === onServer) return "yes";
  return `no: ${inTabs} in tabs, ${onServer} on the server, ${heard} got a message`;
}
