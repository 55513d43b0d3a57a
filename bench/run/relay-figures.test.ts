import { describe, expect, it } from "vitest";
import { phaseOf } from "../../test/results-fixture.ts";
import type { RelayedBooks } from "../network/relayed-direction.ts";
import { parseNetwork } from "../settings/parse-network.ts";
import { isForRelay } from "../settings/relay-profile.ts";
import { phaseRelay } from "./phase-relay.ts";
import { relayFigures } from "./relay-figures.ts";

const relay = parseNetwork("relay:4g,delay=20ms/10ms,hold=4KiB:100ms/none");
if (!isForRelay(relay)) throw new Error("not for a relay");

function booksOf(pieces: number, delayMs: number): RelayedBooks {
  const longest = { longestDelayMs: 2 * delayMs, longestLateMs: 3 };
  return { bytes: 100 * pieces, pieces, delayMs: pieces * delayMs, lateMs: pieces, ...longest };
}

const phases = [
  phaseOf({ relay: phaseRelay(relay, { down: booksOf(100, 22), up: booksOf(0, 0) }) }),
  phaseOf({ relay: phaseRelay(relay, { down: booksOf(300, 26), up: booksOf(0, 0) }) }),
  { ...phaseOf(), measured: false },
];

describe("what a relay was asked to do, and did", () => {
  const figures = relayFigures({ relay }, phases);
  const figure = (key: string) => figures.find((one) => one.key === `relay.${key}`);

  it("stand side by side, over all that it passed on", () => {
    expect(figure("down.delay")).toMatchObject({ label: "delay down, ms\n25.0 asked", value: 25 });
    expect(figure("down.bytes")?.value).toBe(40_000);
    expect(figure("up.delay")?.value).toBeNull();
    expect(figure("late")?.value).toBe(1);
  });

  it("say what of the network of that name isn't played", () => {
    expect(figure("late")?.table).toContain("(not played: loss, the queue's bound)");
  });

  it("are recorded with each phase", () => {
    expect(phases[0]?.relay).toMatchObject({
      name: relay.name,
      notPlayed: ["loss", "queue"],
      down: { asked: { hold: { bytes: 4_096, forMs: 100 } }, done: { meanDelayMs: 22 } },
      up: { asked: { hold: null }, done: { pieces: 0, meanDelayMs: null } },
    });
  });

  it("are none without a relay", () => {
    expect(relayFigures({ relay: null }, phases)).toEqual([]);
    expect(relayFigures({ relay }, [phaseOf()])).toEqual([]);
  });
});
