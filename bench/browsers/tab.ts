import type { BrowserName } from "../../transports/browser-names.ts";

/** Where a browser that runs is found: it speaks the DevTools protocol there, or WebDriver BiDi. */
export interface BrowserPlace {
  readonly name: BrowserName;
  readonly host: string;
  readonly port: number;
}

/** A browser that runs, and is told what to do by its own protocol. */
export interface OpenBrowser extends AsyncDisposable {
  /**
   * Opens a page at this URL, whose document is made here and crosses no socket of the server's; nothing is intercepted
   * any more when it is there. Each tab has a window of its own, and so is one that is seen.
   */
  open(url: URL): Promise<Tab>;
}

/** A page that is open. */
export interface Tab {
  /** Runs an expression in the page; resolves with its value, which is plain data, or with that of its promise. */
  run(expression: string): Promise<unknown>;
  /**
   * When the page's clock began to count, in milliseconds of this machine's monotonic clock (CLOCK_MONOTONIC), by which
   * it goes; null where the browser doesn't tell.
   */
  clockOriginMs(): Promise<number | null>;
  /** Has it be one that isn't seen, or again one that is. */
  show(isVisible: boolean): Promise<void>;
  close(): Promise<void>;
}

/** A document that asks for nothing, not for an icon either, and whose clock has its finest steps. */
export const emptyDocument = {
  body: '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>bench</title>',
  headers: {
    "Content-Type": "text/html; charset=utf-8",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cache-Control": "no-store",
  },
} as const;
