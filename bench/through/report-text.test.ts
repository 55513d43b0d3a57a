import { describe, expect, it } from "vitest";
import { throughFormat, throughSchema, throughVersion } from "./report.ts";
import type { Through } from "./report.ts";
import { reportText } from "./report-text.ts";

const report: Through = throughSchema.parse({
  format: throughFormat,
  schemaVersion: throughVersion,
  url: "https://app.example/events?token=***",
  isAnswered: true,
  boundMs: 75_000,
  findings: [
    {
      key: "buffered",
      title: "buffered",
      status: "bad",
      found: "events come together, 10 of 30 at once: held for 503 ms",
      cures: [
        { what: "the field X", by: "application", helped: true, source: null },
        { what: "nginx: y off", by: "proxy", helped: null, source: "https://nginx.org/en/docs/" },
        { what: "a comment", by: "application", helped: false, source: null },
      ],
    },
    { key: "cut", title: "silent streams", status: "good", found: "live 75 s", cures: [] },
  ],
  figures: {
    headMs: 2,
    firstMs: 3,
    burst: 10,
    heldMs: 503,
    heldBytes: { atLeast: 3_962, atMost: 4_245 },
    idle: { ms: 75_000, isCut: false },
    idleWebSocket: null,
    contentEncoding: null,
    protocol: "h2",
    askedBy: "1.0",
  },
});

describe("a report about an endpoint, for people", () => {
  it("says each finding with its status, and what cures it in which order", () => {
    expect(reportText(report)).toBe(
      [
        "https://app.example/events?token=***, with silence up to 75.0 s",
        "",
        "bad      buffered         events come together, 10 of 30 at once: held for 503 ms",
        "                          -> the field X (tried: it helps)",
        "                          -> nginx: y off",
        "         https://nginx.org/en/docs/",
        "                          -> a comment (tried: no help)",
        "good     silent streams   live 75 s",
      ].join("\n"),
    );
  });

  it("says where the answering end is to be had, if none was there", () => {
    expect(reportText({ ...report, isAnswered: false })).toContain("serve --through");
  });
});
