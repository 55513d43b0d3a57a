import { afterAll, describe } from "vitest";
import { BrowserPages } from "../bench/conformance/browser-pages.ts";
import { browserExceptions } from "../bench/commands/contract-of.ts";
import { transports } from "../transports/index.ts";
import { quick } from "./layered-variants.ts";
import { bothBrowsers, isMissing } from "./requirements.ts";
import { transportContract } from "./transport-contract.ts";

// The whole contract with each client that lives in a browser. Over TLS and HTTP/2, `bench conformance sse:firefox+h2` plays it.

const pages = new BrowserPages();
afterAll(() => pages[Symbol.asyncDispose]());

const inBrowser = transports.filter(({ inBrowser }) => Object.keys(inBrowser).length > 0);

describe.skipIf(isMissing(bothBrowsers))("in a browser", () => {
  for (const transport of inBrowser) {
    transportContract(
      transport,
      {
        options: quick(transport),
        exceptions: browserExceptions(transport.configure("browser", {})),
        pagesOf: pages.of,
      },
      Object.keys(transport.inBrowser),
    );
  }
});
