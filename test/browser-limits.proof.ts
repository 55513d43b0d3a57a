import { describe, expect, it } from "vitest";
import type { Figure, Trial } from "../bench/results/schema.ts";
import { BenchProcess, TemporaryFolder } from "./bench-process.ts";
import { bothBrowsers, isMissing } from "./requirements.ts";

/** What both browsers are known to open over HTTP/1.1, and over HTTP/2 from a server that allows 100 streams. */
const known = [
  ["sse:browser", 6],
  ["long-polling:browser", 6],
  ["websocket:browser", 255],
  ["streaming:browser+h2", 100],
  ["sse:firefox", 6],
  ["long-polling:firefox", 6],
  ["websocket:firefox", 200],
  ["streaming:firefox+h2", 100],
] as const;

describe.skipIf(isMissing(bothBrowsers))("browser-limits", () => {
  it("finds what is known of both browsers, and page and server agree", async () => {
    using folder = new TemporaryFolder();
    const transports = known.map(([name]) => name).join(",");
    const args = ["run", "--scenarios", "browser-limits", "--transports", transports];
    await using bench = new BenchProcess(folder.path, [...args, "--out", "out"]);
    expect((await bench.ended).code).toBe(0);
    const { trials } = await bench.results();
    for (const [name, limit] of known) {
      const valid = trials.find(
        ({ variant, outcome }) => variant === name && outcome.status === "valid",
      );
      expect(valueOf(valid, "open.1"), name).toBe(limit);
      expect(valueOf(valid, "agree"), name).toBe("yes");
      // Both have one origin's connections shared by its tabs; only Chromium has more WebSockets in more tabs.
      if (name === "websocket:browser") {
        expect(Number(valueOf(valid, "open.8"))).toBeGreaterThan(limit);
      } else expect(valueOf(valid, "open.8"), name).toBe(limit);
    }
  });
});

function valueOf(trial: Trial | undefined, key: string): Figure["value"] | undefined {
  return trial?.figures.find((figure) => figure.key === key)?.value;
}
