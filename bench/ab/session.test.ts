import { describe, expect, it } from "vitest";
import { derivedSeed } from "../statistics/random.ts";
import type { PairedMetric } from "../verdict/evidence.ts";
import { orderOf, playSession } from "./session.ts";
import type { PairedCell, SessionProgress, SideName, TrialStatus } from "./session.ts";

const limits = { minPairs: 7, maxPairs: 20, confirmingPairs: 10, alpha: 0.01 };
const latency: PairedCell = { variant: "sse", scenario: "latency", pairs: null };
const overhead: PairedCell = { variant: "sse", scenario: "overhead", pairs: 2 };

interface Script {
  readonly cells?: readonly PairedCell[];
  readonly seed?: number;
  /** By how much the candidate is worse in a repetition, as a logarithm. */
  readonly difference?: (repetition: number) => number;
  readonly status?: (cell: PairedCell, side: SideName, repetition: number) => TrialStatus;
}

/** Plays a session on servers that do what the script says, with the real rule. */
async function session(script: Script) {
  const { cells = [latency], seed = 1, difference = () => 0, status = () => "valid" } = script;
  const played: { scenario: string; side: SideName; repetition: number; status: TrialStatus }[] =
    [];
  const told: SessionProgress[] = [];
  const confirms: number[] = [];
  const metrics = (from: number, before = Number.POSITIVE_INFINITY): PairedMetric[] =>
    cells
      .filter(({ pairs }) => pairs === null)
      .map(({ scenario }) => {
        const valid = (repetition: number): boolean =>
          played.filter((one) => one.repetition === repetition && one.scenario === scenario)
            .length === 2 &&
          played.every(
            (one) =>
              one.repetition !== repetition || one.scenario !== scenario || one.status === "valid",
          );
        const last = Math.max(...played.map(({ repetition }) => repetition));
        const differences = Array.from({ length: last }, (_, index) => index + 1)
          .filter((one) => one >= from && one < before && valid(one))
          .map((one) => difference(one));
        const absolute = differences.map((one) => 1e6 * Math.expm1(one));
        return { name: scenario, differences, absolute, margin: 0.1, minAbsolute: 0 };
      });
  const ended = await playSession({
    cells,
    limits,
    seed,
    async play(cell, side, repetition) {
      const outcome = status(cell, side, repetition);
      played.push({ scenario: cell.scenario, side, repetition, status: outcome });
      return outcome;
    },
    metrics,
    async confirms(repetition) {
      confirms.push(repetition);
    },
    tell: (progress) => void told.push(progress),
  });
  return { ...ended, played, told, confirms };
}

/** Alternates about nothing, within five in a hundred. */
const noise = (repetition: number): number =>
  (repetition % 2 === 0 ? 0.03 : -0.03) + repetition / 1e4;

describe("a session of pairs", () => {
  it("ends after the least number of pairs where nothing has changed, and passes", async () => {
    const { judgements, explored, confirming, ended, confirmsFrom } = await session({
      difference: noise,
    });
    expect({ explored, confirming, ended, confirmsFrom }).toEqual({
      explored: 7,
      confirming: 0,
      ended: "decided",
      confirmsFrom: null,
    });
    expect(judgements.map(({ verdict }) => verdict)).toEqual(["pass"]);
  });

  it("plays as many pairs of what is only counted as are wanted, though the rule has nothing to decide", async () => {
    const { played, explored, ended } = await session({ cells: [overhead] });
    expect({ explored, ended }).toEqual({ explored: 2, ended: "decided" });
    expect(played).toHaveLength(4);
  });

  it("confirms what it suspects by fresh pairs, and then fails it", async () => {
    const { judgements, explored, confirming, confirmsFrom, confirms, told } = await session({
      difference: (repetition) => 0.3 + noise(repetition),
    });
    expect({ explored, confirming, confirmsFrom, confirms }).toEqual({
      explored: 7,
      confirming: 10,
      confirmsFrom: 8,
      confirms: [8],
    });
    expect(told[6]).toMatchObject({ next: "confirm", suspects: ["latency"] });
    expect(judgements.map(({ verdict }) => verdict)).toEqual(["regressed"]);
  });

  it("doesn't fail what fresh pairs don't show", async () => {
    const { judgements } = await session({
      difference: (repetition) => (repetition <= 7 ? 0.3 : 0) + noise(repetition),
    });
    expect(judgements.map(({ verdict }) => verdict)).not.toContain("regressed");
  });

  it("goes on to the most pairs where it can't tell, and says so", async () => {
    const { judgements, explored, ended } = await session({
      difference: (repetition) => 20 * noise(repetition),
    });
    expect({ explored, ended }).toEqual({ explored: 20, ended: "decided" });
    expect(judgements.map(({ verdict }) => verdict)).toEqual(["inconclusive"]);
  });

  it("plays a pair again of which a trial was invalid, and only the cells that lack it", async () => {
    const other = { ...latency, scenario: "echo" };
    const { played, explored, invalid } = await session({
      cells: [latency, other],
      difference: noise,
      status: ({ scenario }, side, repetition) =>
        scenario === "echo" && side === "baseline" && repetition === 3 ? "invalid" : "valid",
    });
    expect({ explored, invalid }).toEqual({ explored: 7, invalid: 1 });
    const scenariosOf = (repetition: number): Set<string> =>
      new Set(played.filter((one) => one.repetition === repetition).map((one) => one.scenario));
    expect(scenariosOf(3)).toEqual(new Set(["latency", "echo"]));
    expect(scenariosOf(4)).toEqual(new Set(["echo"]));
    expect(scenariosOf(5)).toEqual(new Set(["latency", "echo"]));
  });

  it("gives up where no pair gets valid, and can't tell", async () => {
    const { judgements, ended, explored, invalid } = await session({ status: () => "invalid" });
    expect({ ended, explored, invalid }).toEqual({ ended: "invalid", explored: 0, invalid: 20 });
    expect(judgements.map(({ verdict }) => verdict)).toEqual(["inconclusive"]);
  });

  it.each(["failed", "interrupted"] as const)("ends at once when a trial is %s", async (status) => {
    const { ended, played, judgements } = await session({
      status: (_cell, _side, repetition) => (repetition === 9 ? status : "valid"),
      difference: (repetition) => 20 * noise(repetition),
    });
    expect(ended).toBe(status);
    expect(played).toHaveLength(17);
    expect(judgements.map(({ verdict }) => verdict)).toEqual(["inconclusive"]);
  });

  it("plays what is only counted as often as a run does", async () => {
    const { played } = await session({ cells: [latency, overhead], difference: noise });
    expect(played.filter(({ scenario }) => scenario === "overhead")).toHaveLength(4);
    expect(played.filter(({ scenario }) => scenario === "latency")).toHaveLength(14);
  });
});

describe("the order within a pair", () => {
  it("is the same for the same seed", () => {
    expect(orderOf([latency, overhead], 5)).toEqual(orderOf([latency, overhead], 5));
  });

  it("is any of all that there are with the same chance, over the pairs of a session", () => {
    const patterns = new Map<string, number>();
    for (let seed = 0; seed < 6_400; seed += 1) {
      const firsts = [8, 9, 10, 11, 12, 13].map((pair) => orderIn(seed, pair)[0]?.order[0]?.[0]);
      const pattern = firsts.join("");
      patterns.set(pattern, (patterns.get(pattern) ?? 0) + 1);
    }
    expect(patterns.size).toBe(64);
    // 100 of each are expected, with a standard deviation of 10.
    for (const count of patterns.values()) expect(Math.abs(count - 100)).toBeLessThan(60);
  });
});

const orderIn = (seed: number, pair: number) => orderOf([latency], derivedSeed(seed, pair));
