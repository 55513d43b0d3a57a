import { describe, expect, it } from "vitest";
import type { Contest, Opponent } from "./contest.ts";
import { playRounds } from "./rounds.ts";

/** Contests on a clock of their own; each pair takes a second, and `played` has who was first in it. */
function scene(names: readonly string[]) {
  const clock = { ms: 0 };
  const said: (readonly [rounds: number, passedMs: number])[] = [];
  const played: { name: string; first: Opponent | undefined }[] = [];
  const contests = names.map((name): Contest => ({
    variant: "websocket",
    row: { name, unit: "deliveries", lessIsBetter: false, aim: null },
    play(order) {
      clock.ms += 1_000;
      played.push({ name, first: order[0] });
      return Promise.resolve({ first: 3, second: 2 });
    },
  }));
  const play = (limitMs: number, seed = 1) =>
    playRounds(
      contests,
      { limitMs, seed },
      (...words) => said.push(words),
      () => clock.ms,
    );
  return { clock, said, played, play };
}

describe("rounds", () => {
  it("play every contest once in each, in an order of its own", async () => {
    const { played, play } = scene(["a", "b", "c"]);
    await play(60_000);
    const rounds = Array.from({ length: 20 }, (_, round) =>
      played.slice(3 * round, 3 * round + 3).map(({ name }) => name),
    );
    for (const round of rounds) expect(round.toSorted()).toEqual(["a", "b", "c"]);
    expect(new Set(rounds.map((round) => round.join(""))).size).toBe(6);
  });

  it("have either side begin about as often", async () => {
    const { played, play } = scene(["a"]);
    await play(200_000);
    const firsts = played.filter(({ first }) => first === "first").length;
    // Of 200, with a standard deviation of 7.
    expect(played).toHaveLength(200);
    expect(Math.abs(firsts - 100)).toBeLessThan(35);
  });

  it("are the same for the same seed", async () => {
    const [first, same, other] = [scene(["a", "b"]), scene(["a", "b"]), scene(["a", "b"])];
    await Promise.all([first.play(20_000, 7), same.play(20_000, 7), other.play(20_000, 8)]);
    expect(same.played).toEqual(first.played);
    expect(other.played).not.toEqual(first.played);
  });

  it("begin no pair that would end after the limit", async () => {
    const { clock, said, play } = scene(["a", "b"]);
    const results = await play(5_900);
    expect(clock.ms).toBe(5_000);
    expect(said).toEqual([
      [1, 2_000],
      [2, 4_000],
    ]);
    expect(new Set(results.map(({ pairs }) => pairs))).toEqual(new Set([2, 3]));
  });

  it("are one at least, however short the time is", async () => {
    const { play } = scene(["a", "b"]);
    expect(await play(1)).toMatchObject([
      { name: "a", pairs: 1, first: 3, second: 2 },
      { name: "b", pairs: 1, first: 3, second: 2 },
    ]);
  });
});
