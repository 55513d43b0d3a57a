/**
 * The requests that a script can make to the browser that a variant's clients are in: tabs of their own, counted from 0,
 * in which streams are opened as any page does it, of the kind that the transport is made of.
 */
export interface BrowserVerbs {
  /** Opens tabs of the server's origin until there are so many; each is one that is seen. */
  tabs(count: number): Promise<void>;
  /** Has a tab open streams one after the other, until one doesn't open in time: that goes on waiting. */
  fillUp(filling: Filling): Promise<Filled>;
  /** Has it ask once for what the server answers at once, as any `fetch`; then that is given up. */
  fetch(asking: AskingInTab): Promise<AnsweredInTab>;
  /**
   * Has it close the stream that it opened first; resolves with the milliseconds from then until one opens in that tab
   * that was waiting, or a new one where none was. Null where none does in time; of polls, `letIn` of `heard` tells.
   */
  closeFirst(how: { readonly tab: number; readonly waitMs: number }): Promise<number | null>;
  /** Has all tabs give up what waits. */
  giveUp(): Promise<void>;
  /** Streams that are open, as the tabs have it and as the server has. */
  open(): Promise<OpenStreams>;
  /** Streams of all tabs that have got a message which was published after `giveUp`. */
  heard(): Promise<HeardInTabs>;
  /** Has another tab come before this one, or this one before the others; tells what the page says of itself then. */
  show(how: { readonly tab: number; readonly isVisible: boolean }): Promise<Visibility>;
  /** The same with all pages of the trial's clients. */
  showClients(isVisible: boolean): Promise<void>;
  /** Has a tab do what pages do by the clock for so long. */
  tick(how: { readonly tab: number; readonly forMs: number }): Promise<Ticked>;
}

/** `same`: of the server that the page is of; `other`: another host of it, which browsers take for another server. */
export type Origin = "same" | "other";

export interface Filling {
  readonly tab: number;
  /** `same` when left out. */
  readonly origin?: Origin;
  readonly atMost: number;
  /** How long one may take to open. */
  readonly waitMs: number;
}

export interface Filled {
  readonly opened: number;
  /** What became of the next one; null where there were as many as asked for. */
  readonly next: NextStream | null;
}

export type NextStream =
  /** Nothing comes of it, no error either. */
  | { readonly how: "waits" }
  /** With what its page gets to know. */
  | { readonly how: "fails"; readonly error: string };

export interface AskingInTab {
  readonly tab: number;
  readonly origin: Origin;
  readonly waitMs: number;
}

/** `ms` is from asking to the answer; null where none came in time. */
export interface AnsweredInTab {
  readonly ms: number | null;
  /** What the page gets to know where it failed instead. */
  readonly error: string | null;
}

export interface OpenStreams {
  readonly inTabs: number;
  readonly onServer: number;
  /** For how long the one that has waited longest of those that still do, in milliseconds; null where none waits. */
  readonly longestWaitMs: number | null;
}

export interface HeardInTabs {
  readonly streams: number;
  /** See `closeFirst`: null for what isn't polled, and where none was let in. */
  readonly letInMs: number | null;
}

export type Visibility = "visible" | "hidden";

/** What a page did by the clock. */
export interface Ticked {
  readonly visibility: Visibility;
  readonly forMs: number;
  readonly timers: readonly TickedTimer[];
  /** Frames that it was asked to draw. */
  readonly frames: number;
  /** How often it fetched, each time as soon as the answer before was there. */
  readonly fetches: number;
}

export interface TickedTimer {
  /** The milliseconds that it was set to. */
  readonly everyMs: number;
  readonly count: number;
  /** The longest from one to the next, in milliseconds. */
  readonly longestMs: number;
}
