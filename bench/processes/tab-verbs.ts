import { streamApis } from "../settings/browser-cells.ts";
import type { Variant } from "../settings/variant.ts";
import { pollPath } from "../../transports/polling-format.ts";
import { sharedChannel } from "./protocol.ts";
import type { BrowserTabs, StreamForm } from "../browsers/browser-tabs.ts";
import type { OpenBrowser } from "../browsers/tab.ts";
import type {
  AnsweredInTab,
  AskingInTab,
  Filled,
  Filling,
  HeardInTabs,
  Origin,
  Ticked,
  Visibility,
} from "../../scenarios/browser-verbs.ts";

/** The verbs of a load process that drives a browser, for scripts that ask its tabs themselves. */
export type TabVerbs = {
  openTabs(args: { readonly count: number }): Promise<void>;
  fillTab(args: Required<Filling>): Promise<Filled>;
  pollInTab(args: {
    readonly tab: number;
    readonly origin: Origin;
    readonly count: number;
  }): Promise<void>;
  settlePolls(args: { readonly tab: number; readonly opened: number }): Promise<void>;
  fetchInTab(args: AskingInTab): Promise<AnsweredInTab>;
  closeFirstInTab(args: { readonly tab: number; readonly waitMs: number }): Promise<number | null>;
  giveUpInTabs(args: object): Promise<void>;
  countTabs(
    args: object,
  ): Promise<{ readonly open: number; readonly longestWaitMs: number | null }>;
  heardInTabs(args: object): Promise<HeardInTabs>;
  showTab(args: { readonly tab: number; readonly isVisible: boolean }): Promise<Visibility>;
  /** The same with all pages in which clients live. */
  showPages(args: { readonly isVisible: boolean }): Promise<void>;
  tickInTab(args: { readonly tab: number; readonly forMs: number }): Promise<Ticked>;
};

/** Which browser they drive, and what they open there. */
export interface DrivenTabs {
  readonly browser: OpenBrowser;
  readonly server: URL;
  readonly form: StreamForm;
}

/** The verbs of a process that finds out what it drives when it is asked for the first time. */
export function tabVerbs(driven: () => DrivenTabs): Omit<TabVerbs, "showPages"> {
  let opened: Promise<BrowserTabs> | null = null;
  const tabs = (): Promise<BrowserTabs> => (opened ??= openTabs(driven()));
  return {
    openTabs: async ({ count }) => await (await tabs()).open(count),
    fillTab: async ({ tab, origin, atMost, waitMs }) =>
      await (await tabs()).fill(tab, origin, atMost, waitMs),
    pollInTab: async ({ tab, origin, count }) => await (await tabs()).poll(tab, origin, count),
    settlePolls: async (how) => await (await tabs()).settle(how.tab, how.opened),
    fetchInTab: async ({ tab, origin, waitMs }) => await (await tabs()).fetch(tab, origin, waitMs),
    closeFirstInTab: async ({ tab, waitMs }) => await (await tabs()).closeFirst(tab, waitMs),
    giveUpInTabs: async () => await (await tabs()).giveUp(),
    countTabs: async () => await (await tabs()).counts(),
    heardInTabs: async () => await (await tabs()).heard(),
    showTab: async ({ tab, isVisible }) => await (await tabs()).show(tab, isVisible),
    tickInTab: async ({ tab, forMs }) => await (await tabs()).tick(tab, forMs),
  };
}

/** Only processes that are asked for tabs load what drives them. */
async function openTabs({ browser, server, form }: DrivenTabs): Promise<BrowserTabs> {
  const { BrowserTabs } = await import("../browsers/browser-tabs.ts");
  return new BrowserTabs(browser, server, form);
}

/** By which means of a page a transport's streams are opened, and where. */
export function formOf({ transport, bound: { wireForm } }: Variant): StreamForm {
  const api = streamApis[transport];
  if (api === undefined || wireForm === null)
    throw new Error(`no page opens streams of ${transport}`);
  const path = wireForm.ask.path.replace("{channel}", sharedChannel);
  // One that names a message is held until there is a later one.
  return { api, path: api === "poll" ? pollPath(sharedChannel, 0) : path };
}
