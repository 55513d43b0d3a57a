import { afterAll, describe } from "vitest";
import { BrowserPages } from "../bench/conformance/browser-pages.ts";
import { browserExceptions } from "../bench/commands/contract-of.ts";
import type { Layers } from "../transports/layers.ts";
import { transports } from "../transports/index.ts";
import { quick } from "./layered-variants.ts";
import { bothBrowsers, isMissing } from "./requirements.ts";
import { transportContract } from "./transport-contract.ts";

// The whole contract with each client that lives in a browser, and over TLS and HTTP/2 what tells these apart.

const pages = new BrowserPages();
afterAll(() => pages[Symbol.asyncDispose]());

const inBrowser = transports.filter(({ inBrowser }) => Object.keys(inBrowser).length > 0);
const layers: readonly Layers[] = [{}, { tls: "ec" }, { h2: true }];

describe.skipIf(isMissing(bothBrowsers)).each(layers)("over %j", (asked) => {
  for (const transport of inBrowser) {
    transportContract(
      transport,
      {
        options: { ...quick(transport), ...asked },
        exceptions: browserExceptions(transport.configure("browser", {})),
        pagesOf: pages.of,
      },
      Object.keys(transport.inBrowser),
    );
  }
});
