import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createSecureServer } from "node:http2";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Server, Socket } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, describe, it } from "vitest";
import { identityOf } from "../bench/layers/certificate.ts";
import { portOf } from "../bench/measure/listen.ts";
import { parseVariant } from "../bench/settings/variant.ts";
import { startChromium } from "../tools/self/chromium.ts";
import { chromiumFields, chromiumHttp2Fields } from "../transports/chromium-fields.ts";
import { bothWays } from "../transports/wire-bytes.ts";
import { systemChromium } from "./chromium.ts";
import { Link } from "../bench/conformance/link.ts";
import { isMissing } from "./requirements.ts";
import { theoryContract } from "../bench/conformance/theory-contract.ts";

const plain = ["short-polling@20ms", "long-polling", "sse", "streaming", "websocket"];

describe.each(plain)("%s with header fields", (name) => {
  // "node" is what the contract is played over without this layer.
  describe.each(["minimal", "browser"])("%s", (headers) => {
    theoryContract(parseVariant(`${name}+headers=${headers}`).bound, it);
  });
});

describe("sse over HTTP/2 with header fields", () => {
  theoryContract(parseVariant("sse+h2+headers=browser").bound, it);
});

describe.each(["short-polling@20ms", "long-polling"])("%s without keep-alive", (name) => {
  theoryContract(parseVariant(`${name}+keepalive=off+headers=browser`).bound, it);
});

const overHttp2 = [
  "short-polling@20ms+h2c",
  "long-polling+h2c",
  "sse+h2c",
  "streaming+h2c",
  "websocket+h2c",
];

it.each([...plain, ...overHttp2])(
  "%s is set up for more bytes with a browser's fields than with none",
  async (name) => {
    const setUp = async (headers: string): Promise<number> => {
      await using link = await Link.open(parseVariant(`${name}+headers=${headers}`).bound);
      await using alice = await link.connect();
      expect(alice.seen.endings).toEqual([]);
      await link.listener.settled();
      return bothWays(link.listener.totals().parts.setUp);
    };
    // A handshake has the fewest of them, and HTTP/2 compresses those.
    const most = name === "websocket+h2c" ? 350 : 400;
    expect((await setUp("browser")) - (await setUp("node"))).toBeGreaterThan(most);
    const fewest = (await setUp("node")) - (await setUp("minimal"));
    // HTTP/2 has no more to leave out than the date.
    const least = name === "websocket" ? 0 : overHttp2.includes(name) ? 20 : 50;
    expect(fewest).toBeGreaterThanOrEqual(least);
  },
);

const compressing = ["long-polling+gzip", "sse+br", "streaming+gzip"];
const deflating = ["websocket+deflate=no-takeover", "websocket+h2c+deflate"];

it.each([...compressing, ...deflating])(
  "a browser's request for %s has no field twice",
  async (name) => {
    await using link = await Link.open(parseVariant(`${name}+headers=browser`).bound);
    const sent: string[][] = [];
    for (const event of ["request", "upgrade"]) {
      link.listener.http.prependListener(event, ({ rawHeaders }: IncomingMessage) =>
        sent.push(namesOf(rawHeaders)),
      );
    }
    await using alice = await link.connect();
    link.publish("x".repeat(2_000));
    expect(await alice.seen.count(1)).toHaveLength(1);
    expect(sent.length).toBeGreaterThan(0);
    for (const names of sent) expect(names).toEqual([...new Set(names)]);
  },
);

it.each([
  ["tcp", 'has no option "headers"'],
  ["sse:eventsource", "can't have +headers; clients that can are default"],
  ["streaming:fetch", "can't have +headers; clients that can are default"],
])("%s can't have other fields", (name, why) => {
  expect(() => parseVariant(`${name}+headers=browser`)).toThrow(why);
});

function namesOf(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_text, index) => index % 2 === 0).map((text) => text.toLowerCase());
}

type Answer = (request: IncomingMessage | Http2ServerRequest, response: Response) => void;
type Response = Pick<ServerResponse, "setHeader" | "end"> | Http2ServerResponse;

/** The names of the fields that a browser sends to a server, by the path that it asks for. */
async function sentBy(
  browser: Browser,
  scheme: "http" | "https",
  create: (answer: Answer) => Server,
): Promise<Record<string, readonly string[]>> {
  const sent: Record<string, readonly string[]> = {};
  const page = create((_request, response) => {
    response.setHeader("Set-Cookie", `session=${"x".repeat(192)}`);
    response.setHeader("Content-Type", "text/html");
    response.end("<p>a page</p>");
  });
  const server = create((request, response) => {
    sent[request.url ?? ""] = namesOf(request.rawHeaders);
    response.setHeader("Access-Control-Allow-Origin", request.headers.origin ?? "");
    response.setHeader("Access-Control-Allow-Credentials", "true");
    // An event source gives up what is no event stream.
    response.setHeader("Content-Type", "text/plain");
    response.end();
  });
  server.on("upgrade", (request: IncomingMessage, socket: Socket) => {
    sent[request.url ?? ""] = namesOf(request.rawHeaders);
    socket.destroy();
  });
  // The same over HTTP/2, where the WebSocket goes on the session of the requests before it.
  server.on("connect", (request: Http2ServerRequest, response: Http2ServerResponse) => {
    sent[request.url] = namesOf(request.rawHeaders);
    response.writeHead(404).end();
  });
  for (const one of [page, server]) await once(one.listen(0, "127.0.0.1"), "listening");
  const tab = await browser.newPage({ ignoreHTTPSErrors: true });
  try {
    await tab.goto(`${scheme}://127.0.0.1:${portOf(page)}/`);
    await tab.evaluate(
      async ([root, webSocket]) => {
        const ended = (source: EventTarget): Promise<unknown> =>
          new Promise((resolve) => source.addEventListener("error", resolve));
        const credentials = "include";
        await ended(new EventSource(`${root}/events`, { withCredentials: true }));
        await fetch(`${root}/poll`, { credentials });
        const body = new Uint8Array(3);
        await fetch(`${root}/post`, { method: "POST", body, credentials });
        await ended(new WebSocket(webSocket));
      },
      [
        `${scheme}://127.0.0.1:${portOf(server)}`,
        `${scheme === "http" ? "ws" : "wss"}://127.0.0.1:${portOf(server)}/webSocket`,
      ] as const,
    );
  } finally {
    await tab.close();
    for (const one of [page, server]) one.close();
  }
  return sent;
}

describe.skipIf(isMissing(systemChromium))(
  "a browser's fields are those that Chromium sends",
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await startChromium();
    });
    afterAll(() => browser.close());

    it("over HTTP/1.1", async () => {
      const sent = await sentBy(browser, "http", (answer) => createServer(answer));
      const names = (fields: readonly string[], ...others: readonly string[]): string[] =>
        [...fields.map((field) => field.split(":")[0]?.toLowerCase() ?? ""), ...others].toSorted();
      const { fetch, events, webSocket } = chromiumFields;
      const common = ["host", "connection"];
      const handshake = ["upgrade", "sec-websocket-version", "sec-websocket-key"];
      expect(sent["/poll"]?.toSorted()).toEqual(names(fetch, ...common));
      expect(sent["/post"]?.toSorted()).toEqual(names(fetch, ...common, "content-length"));
      expect(sent["/events"]?.toSorted()).toEqual(names(events, ...common, "accept"));
      expect(sent["/webSocket"]?.toSorted()).toEqual(names(webSocket, ...common, ...handshake));
    });

    it("over HTTP/2", async () => {
      const { key, certificate: cert } = await identityOf("ec");
      const sent = await sentBy(browser, "https", (answer) =>
        createSecureServer({ key, cert, settings: { enableConnectProtocol: true } }, answer),
      );
      const names = (fields: object, ...others: readonly string[]): string[] =>
        [...Object.keys(fields), ":method", ":scheme", ":authority", ":path", ...others].toSorted();
      const { fetch, events, webSocket } = chromiumHttp2Fields.https;
      expect(sent["/poll"]?.toSorted()).toEqual(names(fetch));
      expect(sent["/post"]?.toSorted()).toEqual(names(fetch, "content-length"));
      expect(sent["/events"]?.toSorted()).toEqual(names(events, "accept"));
      const handshake = [":protocol", "sec-websocket-version"];
      expect(sent["/webSocket"]?.toSorted()).toEqual(names(webSocket, ...handshake));
    });
  },
);
