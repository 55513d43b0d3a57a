import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { networks, relayNetworks } from "./networks.ts";
import type { DirectionProfile } from "./network-profile.ts";
import { meanLoss } from "./packet-loss.ts";

const document = readFileSync(new URL("../../docs/bad-day.md", import.meta.url), "utf8");

function cellsOf(name: string): string[] {
  const row = document.split("\n").find((line) => line.startsWith(`| \`${name}\``));
  return row?.split("|").slice(2) ?? [];
}

describe("the document's table of networks for relays", () => {
  it.each(Object.entries(relayNetworks))("has the numbers of %s", (name, { down, up }) => {
    const [delay, held, idle] = cellsOf(name);
    expect([down.delayMs, up.delayMs]).toEqual([Number.parseFloat(delay ?? ""), down.delayMs]);
    const { bytes, forMs } = down.hold ?? { bytes: 0, forMs: 0 };
    expect(held?.trim()).toBe(`until ${bytes / 1_024} KiB or ${forMs} ms`);
    expect(idle?.trim()).toBe(`${(down.idleTimeoutMs ?? 0) / 1_000} s`);
    expect(up).toMatchObject({ hold: null, idleTimeoutMs: null });
  });
});

describe("the document's table of networks", () => {
  it.each(Object.entries(networks))("has the numbers of %s", (name, { down, up }) => {
    const [delay, jitter, loss, bandwidth, queue] = cellsOf(name);
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
