import { mersenne } from "pure-rand/generator/mersenne";
import { describe, expect, it } from "vitest";
import { burstLoss, meanLoss } from "../settings/packet-loss.ts";
import type { Loss } from "../settings/packet-loss.ts";
import { LossProcess } from "./loss-process.ts";

const packets = 200_000;

/** What a long run of a seeded chain loses, and how many in a row. */
function played(loss: Loss): { share: number; meanBurst: number } {
  const generator = mersenne(1);
  const draw = (): number => (generator.next() >>> 0) / 2 ** 32;
  const process = new LossProcess(loss);
  let [lost, bursts, isBurst] = [0, 0, false];
  for (let packet = 0; packet < packets; packet += 1) {
    const isLost = process.loses(draw(), draw());
    if (isLost) lost += 1;
    if (isLost && !isBurst) bursts += 1;
    isBurst = isLost;
  }
  return { share: lost / packets, meanBurst: lost / bursts };
}

describe("loss", () => {
  it("at random takes its share, and rarely two in a row", () => {
    const { share, meanBurst } = played({ kind: "random", probability: 0.02 });
    // Four standard errors: sqrt(0.02 × 0.98 / 200 000) is 0.00031.
    expect(Math.abs(share - 0.02)).toBeLessThan(0.00125);
    // A loss is followed by another with the same probability: 1 / (1 - 0.02).
    expect(meanBurst).toBeCloseTo(1.02, 2);
  });

  it("in bursts takes the same share, in rows of the length asked for", () => {
    const loss = burstLoss(0.02, 4);
    expect(meanLoss(loss)).toBeCloseTo(0.02, 12);
    const { share, meanBurst } = played(loss);
    // About 1 000 bursts, whose lengths have a standard deviation of sqrt(4 × 3) = 3.5: 0.11 for their mean, and
    // 4 × sqrt(1 000) × 1.3 packets for their sum.
    expect(Math.abs(meanBurst - 4)).toBeLessThan(0.45);
    expect(Math.abs(share - 0.02)).toBeLessThan(0.0035);
  });

  it("of a chain is that of its states, weighted by how often it is in each", () => {
    // In the bad state for 0.01 / (0.01 + 0.04) = 20 % of packets: 0.2 × 0.5 + 0.8 × 0.01.
    const loss: Loss = { kind: "bursts", toBad: 0.01, toGood: 0.04, inBad: 0.5, inGood: 0.01 };
    expect(meanLoss(loss)).toBeCloseTo(0.108, 12);
    expect(Math.abs(played(loss).share - 0.108)).toBeLessThan(0.01);
  });

  it("depends on nothing but the draws", () => {
    const process = new LossProcess({
      kind: "bursts",
      toBad: 0.1,
      toGood: 0.5,
      inBad: 1,
      inGood: 0,
    });
    const draws = [
      [0.5, 0.5],
      [0.5, 0.05],
      [0.5, 0.6],
      [0.5, 0.4],
      [0.5, 0.5],
    ];
    const lost = draws.map(([draw = 0, moves = 0]) => process.loses(draw, moves));
    expect(lost).toEqual([false, false, true, true, false]);
  });
});
