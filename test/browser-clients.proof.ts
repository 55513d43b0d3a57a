import { afterAll, describe } from "vitest";
import { BrowserPages } from "../bench/conformance/browser-pages.ts";
import { browserExceptions } from "../bench/commands/contract-of.ts";
import { longPolling } from "../transports/long-polling.ts";
import { sse } from "../transports/sse.ts";
import { websocket } from "../transports/websocket.ts";
import { quick } from "./layered-variants.ts";
import { bothBrowsers, isMissing } from "./requirements.ts";
import { transportContract } from "./transport-contract.ts";

// The contract with clients that live in a browser: a stream, frames and polls in one, a stream in the other. The rest, and
// TLS and HTTP/2, take an hour: `bench conformance streaming:firefox+h2` plays it.

const pages = new BrowserPages();
afterAll(() => pages[Symbol.asyncDispose]());

const played = [
  [sse, ["browser", "firefox"]],
  [websocket, ["browser"]],
  [longPolling, ["browser"]],
] as const;

describe.skipIf(isMissing(bothBrowsers))("in a browser", () => {
  for (const [transport, clients] of played) {
    transportContract(
      transport,
      {
        options: quick(transport),
        exceptions: browserExceptions(transport.configure("browser", {})),
        pagesOf: pages.of,
      },
      clients,
    );
  }
});
