import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import { expect, describe, it } from "vitest";
import { portOf } from "../bench/measure/listen.ts";
import { parseVariant } from "../bench/settings/variant.ts";
import { startChromium } from "../tools/self/chromium.ts";
import { chromiumFields } from "../transports/chromium-fields.ts";
import { bothWays } from "../transports/wire-bytes.ts";
import { systemChromium } from "./chromium.ts";
import { Link } from "../bench/conformance/link.ts";
import { isMissing } from "./requirements.ts";
import { theoryContract } from "../bench/conformance/theory-contract.ts";

const plain = ["short-polling@20ms", "long-polling", "sse", "streaming", "websocket"];

describe.each(plain)("%s with header fields", (name) => {
  describe.each(["minimal", "node", "browser"])("%s", (headers) => {
    theoryContract(parseVariant(`${name}+headers=${headers}`).bound, it);
  });
});

describe.each(["short-polling@20ms", "long-polling"])("%s without keep-alive", (name) => {
  describe.each(["minimal", "browser"])("%s", (headers) => {
    theoryContract(parseVariant(`${name}+keepalive=off+headers=${headers}`).bound, it);
  });
});

it.each(plain)(
  "%s is set up for more bytes with a browser's fields than with none",
  async (name) => {
    const setUp = async (headers: string): Promise<number> => {
      await using link = await Link.open(parseVariant(`${name}+headers=${headers}`).bound);
      await using alice = await link.connect();
      expect(alice.seen.endings).toEqual([]);
      return bothWays(link.listener.totals().parts.setUp);
    };
    expect((await setUp("browser")) - (await setUp("node"))).toBeGreaterThan(400);
    const fewest = (await setUp("node")) - (await setUp("minimal"));
    expect(fewest).toBeGreaterThanOrEqual(name === "websocket" ? 0 : 50);
  },
);

it.each(["long-polling+gzip", "sse+br", "streaming+gzip", "websocket+deflate=no-takeover"])(
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

/** The names of the fields that the installed browser sends, by the path that it asks for. */
async function sentByChromium(): Promise<Record<string, readonly string[]>> {
  const sent: Record<string, readonly string[]> = {};
  const page = createServer((_request, response) => {
    response.setHeader("Set-Cookie", `session=${"x".repeat(192)}`);
    response.setHeader("Content-Type", "text/html").end("<p>a page</p>");
  });
  const server = createServer((request, response) => {
    sent[request.url ?? ""] = namesOf(request.rawHeaders);
    response.setHeader("Access-Control-Allow-Origin", request.headers.origin ?? "");
    response.setHeader("Access-Control-Allow-Credentials", "true");
    // An event source gives up what is no event stream.
    response.setHeader("Content-Type", "text/plain").end();
  });
  server.on("upgrade", (request, socket) => {
    sent[request.url ?? ""] = namesOf(request.rawHeaders);
    socket.destroy();
  });
  for (const one of [page, server]) await once(one.listen(0, "127.0.0.1"), "listening");
  const browser = await startChromium();
  try {
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${portOf(page)}/`);
    await tab.evaluate(
      async (host) => {
        const ended = (source: EventTarget): Promise<unknown> =>
          new Promise((resolve) => source.addEventListener("error", resolve));
        const credentials = "include";
        await ended(new EventSource(`http://${host}/events`, { withCredentials: true }));
        await fetch(`http://${host}/poll`, { credentials });
        const body = new Uint8Array(3);
        await fetch(`http://${host}/post`, { method: "POST", body, credentials });
        await ended(new WebSocket(`ws://${host}/webSocket`));
      },
      `127.0.0.1:${portOf(server)}`,
    );
  } finally {
    await browser.close();
    for (const one of [page, server]) {
      one.closeAllConnections();
      one.close();
    }
  }
  return sent;
}

it.skipIf(isMissing(systemChromium))(
  "a browser's fields are those that Chromium sends",
  async () => {
    const sent = await sentByChromium();
    const names = (fields: readonly string[], ...others: readonly string[]): string[] =>
      [...fields.map((field) => field.split(":")[0]?.toLowerCase() ?? ""), ...others].toSorted();
    const { fetch, events, webSocket } = chromiumFields;
    const common = ["host", "connection"];
    const handshake = ["upgrade", "sec-websocket-version", "sec-websocket-key"];
    expect(sent["/poll"]?.toSorted()).toEqual(names(fetch, ...common));
    expect(sent["/post"]?.toSorted()).toEqual(names(fetch, ...common, "content-length"));
    expect(sent["/events"]?.toSorted()).toEqual(names(events, ...common, "accept"));
    expect(sent["/webSocket"]?.toSorted()).toEqual(names(webSocket, ...common, ...handshake));
  },
);
