import type { BrowserName } from "../browser-names.ts";
import type { Layer } from "../layers.ts";
import type { Theory } from "../theory.ts";
import type { ClientHandlers, Connection, Target } from "../transport.ts";
import type { PageClientSettings } from "./page-protocol.ts";

/** The clients that live in a browser, by their names. */
export const browserClients: Readonly<Record<string, BrowserName>> = {
  browser: "chromium",
  firefox: "firefox",
};

type InPage<Options> = (
  target: Target,
  handlers: ClientHandlers,
  options: Options,
) => Promise<Connection>;

/** What a page can't be told, for each of them: it has fields, connections, sessions and codings of its own. */
const without: readonly Layer[] = [
  "resume",
  "h2c",
  "share",
  "keepalive",
  "headers",
  "br",
  "proxy",
  "origins",
  "token",
];

export const layersWithoutInBrowser: Readonly<Record<string, readonly Layer[]>> =
  Object.fromEntries(Object.keys(browserClients).map((client) => [client, without]));

/** Both of them: `settingsOf` says what the page has to know besides the channel. */
export function connectInPage<Options>(
  settingsOf: (
    options: Options,
    target: Target,
  ) => Pick<PageClientSettings, "kind" | "method" | "intervalMs" | "phase" | "overHttp2">,
): { readonly browser: InPage<Options>; readonly firefox: InPage<Options> } {
  const connect: InPage<Options> = async (target, handlers, options) => {
    const { openInPage, channel, after, binary, ownReturn, asks } = target;
    if (openInPage === undefined) throw new Error("a client in a browser needs one that is open");
    const settings: PageClientSettings = {
      ...settingsOf(options, target),
      channel,
      ...(after !== undefined && { after }),
      ...(binary === true && { binary }),
      ...(ownReturn !== undefined && { comesBack: true }),
      ...(asks === true && { asks }),
    };
    return await openInPage(settings, handlers, ownReturn);
  };
  return { browser: connect, firefox: connect };
}

/** Why it isn't known beforehand what a browser sends. */
const browserHeads = "a browser's heads are its own, so their bytes can't be known beforehand";

const browserFrames = "a browser's frames of HTTP/2 are its own, and so are its heads";

/** What of a theory holds for clients in browsers; a text where nothing does. */
export function theoryInBrowser(theory: Theory, facts: TheoryFacts): Theory | string {
  if (facts.isHttp2) return browserFrames;
  if (facts.delivery === "pull") return browserHeads;
  const known = { ...theory, handshake: () => null };
  return facts.sendsFrames ? known : { ...known, up: () => null, noUp: browserHeads };
}

interface TheoryFacts {
  readonly isHttp2: boolean;
  readonly delivery: "push" | "pull";
  /** Whether messages go up in frames of a stream, and not by requests. */
  readonly sendsFrames: boolean;
}
