import { describe, expect, it } from "vitest";
import { passedOn } from "../settings/relay-profile.ts";
import { asItComes } from "./carriage.ts";
import { RelayedDirection } from "./relayed-direction.ts";

const profile = {
  ...passedOn,
  hold: { bytes: 4_096, forMs: 100 },
  sliceBytes: 64,
  idleTimeoutMs: 1_000,
};

describe("a direction that is relayed", () => {
  it("does what its profile says, and then what a script asks for on top of it", () => {
    const direction = new RelayedDirection(profile, 1);
    expect(direction).toMatchObject({ hold: profile.hold, sliceBytes: 64, idleTimeoutMs: 1_000 });
    direction.carry({ hold: { bytes: 10, forMs: 5 }, sliceBytes: 7, isStalled: true });
    expect(direction).toMatchObject({ hold: { bytes: 10, forMs: 5 }, sliceBytes: 7 });
    direction.carry({ sliceBytes: 1_000 });
    expect(direction).toMatchObject({ sliceBytes: 64, carriage: { isStalled: true } });
  });

  it("is again as its profile has it when a script restores it", () => {
    const direction = new RelayedDirection(profile, 1);
    direction.carry({ hold: { bytes: 10, forMs: 5 }, sliceBytes: 7, isStalled: true });
    direction.carry(asItComes);
    expect(direction).toMatchObject({ hold: profile.hold, sliceBytes: 64, isDirect: true });
  });

  it("passes pieces on at once without a profile", () => {
    const direction = new RelayedDirection(null, 1);
    expect(direction).toMatchObject({ isDirect: true, isWatched: false, hold: null });
    direction.carry({ delayMs: 1 });
    expect(direction.isDirect).toBe(false);
  });

  it("keeps books from the beginning of a phase on", () => {
    const direction = new RelayedDirection(profile, 1);
    direction.bytes = 500;
    direction.wrote(40, 1);
    direction.begin(2);
    direction.bytes = 700;
    direction.wrote(20, 3);
    direction.wrote(50, null);
    expect(direction.books).toEqual({
      bytes: 200,
      pieces: 2,
      delayMs: 70,
      longestDelayMs: 50,
      lateMs: 3,
      longestLateMs: 3,
    });
  });
});
