import { expect, it } from "vitest";
import { phaseOf } from "../../test/results-fixture.ts";
import type { Phase } from "../results/schema.ts";
import { noEnds } from "./connection-ends.ts";
import { nothingDelivered } from "./nothing-delivered.ts";

const lostAll = { intended: 100, expected: 200, delivered: 0, lost: 200 };

function phaseWith(deliveries: Partial<Phase["deliveries"]>): Phase {
  const usual = phaseOf();
  return { ...usual, deliveries: { ...usual.deliveries, ...deliveries } };
}

it("a phase in which something was delivered has figures, whatever was lost", () => {
  expect(
    nothingDelivered(phaseWith({ ...lostAll, delivered: 1, lost: 199 }), [], noEnds),
  ).toBeNull();
});

it("a phase in which nothing was delivered has none, whatever came before", () => {
  const reason = "none of 200 deliveries arrived in steady";
  expect(nothingDelivered(phaseWith(lostAll), [], noEnds)).toBe(reason);
  expect(nothingDelivered(phaseWith(lostAll), [phaseOf()], noEnds)).toBe(reason);
});

it("what arrived instead, and how clients lost their connections, is part of the reason", () => {
  const ends = { ...noEnds, disconnected: 2, lastEnding: "a second hello" };
  expect(nothingDelivered(phaseWith({ ...lostAll, corrupted: 7 }), [], ends)).toBe(
    "none of 200 deliveries arrived in steady; 7 corrupted messages arrived instead; " +
      "clients lost their connection: a second hello",
  );
});

it("a single broadcast that is lost after others were delivered is where a search ends", () => {
  const probe = phaseWith({ ...lostAll, intended: 1 });
  expect(nothingDelivered(probe, [phaseOf()], noEnds)).toBeNull();
  expect(nothingDelivered(probe, [phaseWith(lostAll)], noEnds)).not.toBeNull();
});

it("where nothing was expected, or nothing was waited for, nothing is missing", () => {
  expect(nothingDelivered(phaseWith({ ...lostAll, expected: 0 }), [], noEnds)).toBeNull();
  expect(nothingDelivered(phaseWith({ ...lostAll, lost: null }), [], noEnds)).toBeNull();
  expect(nothingDelivered({ ...phaseWith(lostAll), measured: false }, [], noEnds)).toBeNull();
});
