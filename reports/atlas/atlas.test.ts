import { describe, expect, it } from "vitest";
import type { Results, Trial } from "../../bench/results/schema.ts";
import {
  proxyOf,
  proxyResults,
  proxyTrial,
  usualProxyResults,
} from "../../test/proxies-fixture.ts";
import { resultsOf, trialOf, trialsOf } from "../../test/results-fixture.ts";
import { atlasOf } from "./atlas.ts";
import type { Atlas } from "./atlas.ts";
import { atlasGrid } from "./grid.ts";
import { beyondFront, frontOf, placeOf } from "./place.ts";
import { nothingFound, proxySentences, sentenceText } from "./sentences.ts";

function atlasIn(results: Results): Atlas {
  const atlas = atlasOf(results, "proxy", null);
  if (atlas === null) throw new Error("the results have no atlas");
  return atlas;
}

/** The rows of the first matrix, each as its words. */
function rowsOf(trials: readonly Trial[]): string[] {
  const atlas = atlasIn(proxyResults(trials, []));
  const [front] = atlas.fronts;
  return front === undefined ? [] : atlasGrid(atlas, front).map((row) => row.join(" | "));
}

function sentencesOf(results: Results): string[] {
  const atlas = atlasIn(results);
  return atlas.proxies.flatMap((proxy) => proxySentences(atlas, proxy).map(sentenceText));
}

describe("the place of a variant", () => {
  it("is behind its proxy, in the column of all else that it has", () => {
    expect(placeOf("sse:eventsource+h2+proxy=nginx:corrected+heartbeat=5s")).toEqual({
      proxy: "nginx",
      configuration: "corrected",
      column: "sse:eventsource+h2+heartbeat=5s",
    });
    expect(placeOf("sse+proxy=caddy")).toMatchObject({ configuration: "default", column: "sse" });
    expect(placeOf("sse+h2")).toBeNull();
  });

  it.each([
    ["sse", "HTTP/1.1", ""],
    ["sse+tls=rsa", "HTTP/1.1 over TLS", ""],
    ["sse+h2+tls", "HTTP/2", ""],
    ["sse+h2c+gzip", "HTTP/2 without TLS", "+gzip"],
    ["sse:eventsource@5s", "HTTP/1.1", ":eventsource@5s"],
  ])("has what clients speak apart: %s", (column, front, rest) => {
    expect([frontOf(column), beyondFront(column, "sse")]).toEqual([front, rest]);
  });
});

describe("a matrix", () => {
  it("has nothing to show of a scenario without findings, or without proxies", () => {
    expect(atlasOf(resultsOf(trialsOf("sse", "p50", [1])), "latency", null)).toBeNull();
    expect(atlasOf(proxyResults([proxyTrial("sse")], []), "proxy", null)).toBeNull();
  });

  it("says of a cell that wasn't played just that, and never that it passes", () => {
    expect(
      rowsOf([proxyTrial("sse+proxy=nginx"), proxyTrial("websocket+proxy=nginx:corrected")]),
    ).toEqual([
      " | SSE | WebSocket",
      "nginx | ✓ passes | – not played",
      "└ corrected | – not played | ✓ passes",
    ]);
  });

  it("says of a cell the gravest that was found, how often, and how much more there is", () => {
    const found = { compressed: "gzip", cut: "after 60 s" };
    expect(
      rowsOf([
        proxyTrial("sse+proxy=nginx", { found, idleMs: 60_040 }),
        proxyTrial("sse+proxy=nginx", { repetition: 2, found: { compressed: "gzip" } }),
      ])[1],
    ).toBe("nginx | ✗ cut after 60 s 1/2 +1");
  });

  it("leaves what one trial can't tell to those that can", () => {
    const cut = (text: string, repetition: number): Trial =>
      proxyTrial("sse+proxy=nginx", { repetition, found: { cut: text }, idleMs: 6_990 });
    expect(rowsOf([cut("after 7 s", 1), cut("(no time)", 2)])[1]).toBe("nginx | ✗ cut after 7 s");
  });

  it("counts trials that aren't valid, and takes nothing from them", () => {
    const invalid = proxyTrial("sse+proxy=nginx", {
      outcome: { status: "invalid" },
      found: { buffered: "by the harness" },
    });
    expect(rowsOf([proxyTrial("sse+proxy=nginx"), invalid])[1]).toBe(
      "nginx | ✓ passes (1 of 2 valid)",
    );
    const failed = trialOf("sse+proxy=nginx", {
      scenario: "proxy",
      outcome: { status: "failed", by: "machine", reason: "no nginx", stderr: "" },
    });
    expect(rowsOf([invalid, failed, proxyTrial("sse+proxy=caddy")])[1]).toBe("nginx | ? failed");
  });

  it("gives a proxy's further configurations rows of their own", () => {
    expect(
      rowsOf([proxyTrial("sse+proxy=squid:forward"), proxyTrial("sse+proxy=squid:connect")]),
    ).toEqual([" | SSE", "squid: forward | ✓ passes", "└ connect | ✓ passes"]);
  });
});

describe("findings in words", () => {
  it("have the cures of application and proxy side by side", () => {
    expect(sentencesOf(usualProxyResults)).toEqual([
      "SSE: events come together, 20 at once, after 4,096 B; `X-Accel-Buffering: no` cured it; so does `proxy_buffering off` in its configuration.",
      "SSE: cut after 60 s of silence; heartbeats each 30 s cured it; so does `proxy_read_timeout 1h` in its configuration.",
      "WebSocket: answered by 200, without an upgrade; `proxy_set_header Upgrade $http_upgrade` in its configuration cures it; an application can do nothing about it.",
      "SSE over HTTP/2: events come together, 20 at once, after 4,096 B; `X-Accel-Buffering: no` cured it; with the corrected configuration that can't be told.",
      "SSE: gzip, unasked (in 1 of 3 trials); `Cache-Control: no-transform` cured it; it remains with the corrected configuration.",
    ]);
  });

  it("say once what is the same for several transports", () => {
    const found = { refused: "502" };
    const variants = ["sse", "websocket", "sse+h2", "websocket+h2", "long-polling+tls"];
    const trials = variants.map((name) => proxyTrial(`${name}+proxy=squid`, { found }));
    expect(sentencesOf(proxyResults(trials, []))).toEqual([
      "SSE and WebSocket over HTTP/1.1 and HTTP/2; long-polling over HTTP/1.1 over TLS: 502.",
    ]);
  });

  it("credit no setting for a kind of fault that it isn't said to cure, nor where none was measured to", () => {
    const changes = [{ setting: "x off", cures: ["cut"], source: "man" }];
    const trials = [
      proxyTrial("sse+proxy=nginx", { found: { buffered: "stalled", cut: "cut" } }),
      proxyTrial("sse+proxy=nginx:corrected", { found: { cut: "(not looked for)" } }),
    ];
    expect(sentencesOf(proxyResults(trials, [proxyOf("nginx", "corrected", { changes })]))).toEqual(
      [
        "SSE: stalled; it isn't there with the corrected configuration.",
        "SSE: cut; with the corrected configuration that can't be told.",
      ],
    );
  });

  it("tell of what only the corrected proxy does", () => {
    const trials = [
      proxyTrial("sse+proxy=nginx"),
      proxyTrial("sse+proxy=nginx:corrected", { found: { cut: "cut after 3600 s" } }),
    ];
    expect(sentencesOf(proxyResults(trials, []))).toEqual(["SSE, corrected: cut after 3600 s."]);
  });

  it("say of a proxy that nothing was found only where something was looked at", () => {
    const told = (trials: readonly Trial[]) =>
      atlasIn(proxyResults(trials, [])).proxies.map(nothingFound);
    const failed = trialOf("sse+proxy=squid", {
      scenario: "proxy",
      outcome: { status: "failed", by: "machine", reason: "it has ended", stderr: "" },
    });
    expect(told([proxyTrial("sse+proxy=caddy"), failed])).toEqual([
      "Nothing was found.",
      "Nothing can be told.",
    ]);
  });
});
