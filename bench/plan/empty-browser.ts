import type {
  AnsweredInTab,
  AskingInTab,
  BrowserVerbs,
  Filled,
  Filling,
  HeardInTabs,
  OpenStreams,
  Ticked,
  Visibility,
} from "../../scenarios/scenario.ts";

/** How long a tab takes to open, and a stream in it, in milliseconds. */
const tabMs = 300;
const streamMs = 10;

/** How many streams a browser opens, roughly, where it isn't told. */
const streams = 50;

/** A browser that only takes time: each tab opens some streams, and then one waits. */
export class EmptyBrowser implements BrowserVerbs {
  readonly #spend: (ms: number) => void;
  readonly #wait: (ms: number) => void;
  #tabs = 0;
  #visibility: Visibility = "visible";

  /** `wait` takes time that other trials have the machine for. */
  constructor(spend: (ms: number) => void, wait: (ms: number) => void = spend) {
    this.#spend = spend;
    this.#wait = wait;
  }

  async tabs(count: number): Promise<void> {
    this.#spend(tabMs * Math.max(0, count - this.#tabs));
    this.#tabs = count;
  }

  async fillUp({ tab, waitMs }: Filling): Promise<Filled> {
    this.#wait(waitMs + (tab === 0 ? streams * streamMs : 0));
    return { opened: 0, next: { how: "waits" } };
  }

  async fetch({ waitMs }: AskingInTab): Promise<AnsweredInTab> {
    this.#spend(waitMs);
    return { ms: null, error: null };
  }

  async closeFirst(): Promise<null> {
    this.#spend(streamMs);
    return null;
  }

  async giveUp(): Promise<void> {
    this.#spend(streamMs);
  }

  async open(): Promise<OpenStreams> {
    return { inTabs: 0, onServer: 0, longestWaitMs: null };
  }

  async heard(): Promise<HeardInTabs> {
    return { streams: 0, letInMs: null };
  }

  async show({ isVisible }: { readonly isVisible: boolean }): Promise<Visibility> {
    this.#spend(tabMs);
    this.#visibility = isVisible ? "visible" : "hidden";
    return this.#visibility;
  }

  async showClients(): Promise<void> {
    this.#spend(tabMs);
  }

  async tick({ forMs }: { readonly forMs: number }): Promise<Ticked> {
    this.#spend(forMs);
    return { visibility: this.#visibility, forMs, timers: [], frames: 0, fetches: 0 };
  }
}
