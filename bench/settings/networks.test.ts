import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { networks } from "./networks.ts";
import type { DirectionProfile } from "./network-profile.ts";
import { meanLoss } from "./packet-loss.ts";

const document = readFileSync(new URL("../../docs/bad-day.md", import.meta.url), "utf8");

describe("the document's table of networks", () => {
  it.each(Object.entries(networks))("has the numbers of %s", (name, { down, up }) => {
    const [, delay, jitter, loss, bandwidth, queue] =
      document
        .split("\n")
        .find((line) => line.startsWith(`| \`${name}\``))
        ?.split("|")
        .slice(1) ?? [];
    const both = (value: (direction: DirectionProfile) => number): string =>
      [...new Set([value(down), value(up)])].join(", ");
    expect(delay).toContain(` ${both(({ delayMs }) => delayMs)} ms`);
    expect(jitter).toContain(` ${both(({ jitterMs }) => jitterMs)}`);
    expect(loss).toContain(` ${both((one) => Number((100 * meanLoss(one.loss)).toPrecision(6)))}`);
    const inUnits = bandwidth?.includes("Gbit") ? 1e9 : 1e6;
    expect(bandwidth).toContain(` ${both((one) => (one.bitsPerSecond ?? 0) / inUnits)} `);
    expect(queue?.replace("1 MB", "1000 KB").replace(/ KB(?=,)/, "")).toContain(
      ` ${both(({ queueBytes }) => queueBytes / 1_000)} KB`,
    );
  });
});
