import { describe, expect, it } from "vitest";
import { incidentalBytes, referenceAuthority } from "./incidental.ts";
import type { IncidentalFactors } from "./incidental.ts";
import { parseVariant } from "../settings/variant.ts";

const fresh: IncidentalFactors = {
  payloadBytes: 100,
  authority: referenceAuthority,
  ages: [0, 0],
  joined: [0, 0],
  publishedBefore: 0,
  published: 20,
  sentUp: [],
  countedUp: 0,
  answers: [],
  emptyPolls: 0,
};
const none = { down: 0, up: 0 };

function incidental(variant: string, factors: Partial<IncidentalFactors>) {
  return incidentalBytes(parseVariant(variant).bound, { ...fresh, ...factors });
}

const all = [
  "tcp",
  "websocket",
  "sse",
  "streaming",
  "streaming+method=post",
  "long-polling",
  "short-polling",
];
const old = { ages: [1_180, 1_180], joined: [1_180, 1_180] };

describe("what is due to where a server is and how old it is", () => {
  it.each(all)("is nothing for a new one at a usual address: %s", (variant) => {
    const answers = [{ answers: 4, messages: 5, newest: 20 }];
    const parts = incidental(variant, { answers, countedUp: 3, emptyPolls: 2 });
    expect(Object.values(parts)).toEqual([none, none, none, none]);
  });

  it.each([
    ["tcp", 6],
    ["websocket", 6],
    ["sse", 12],
    ["streaming", 6],
    ["long-polling", 6],
    ["short-polling", 6],
  ])("is %s's hello with more digits", (variant, down) => {
    expect(incidental(variant, old).setUp).toEqual({ down, up: 0 });
  });

  it("is the id of each event", () => {
    // Nine of twenty new ones have one digit, and eleven two.
    expect(incidental("sse", old).deliveries).toEqual({ down: 2 * (9 * 3 + 11 * 2), up: 0 });
    // A chunk that gets longer than 255 bytes says so in one digit more.
    const long = { ...old, payloadBytes: 255 - 14, published: 1 };
    expect(incidental("sse", long).deliveries).toEqual({ down: 2 * (3 + 1), up: 0 });
    expect(incidental("websocket", old).deliveries).toEqual(none);
  });

  it("is the cursor of each answer, and of the poll that asks for it", () => {
    const answers = [{ answers: 40, messages: 1, newest: 1_190 }];
    const { deliveries } = incidental("long-polling", { ...old, answers });
    // A new one's cursors are 1 to 20, and those that were asked for 0 to 19.
    expect(deliveries.down).toBeCloseTo(2 * (9 * 3 + 11 * 2), 6);
    expect(deliveries.up).toBeCloseTo(2 * (10 * 3 + 10 * 2), 6);
    const idle = incidental("short-polling", { ...old, publishedBefore: 20, emptyPolls: 7 });
    expect(idle.emptyPolls).toEqual({ down: 0, up: 14 });
  });

  it("is as much as each client's own channel is older", () => {
    const own = { ages: [0, 98], joined: [0, 98], published: 0, sentUp: [2, 2], countedUp: 4 };
    expect(incidental("sse", own).deliveries).toEqual({ down: 1 + 2, up: 0 });
    expect(incidental("sse", own).setUp).toEqual({ down: 2, up: 0 });
  });

  it.each([
    ["http://127.0.0.1:3000", "127.0.0.1:3000", -1],
    ["http://server.example:80", "server.example", -1],
    ["http://[::1]:10000", "[::1]:10000", -4],
  ])("is the address in each request: %s", (_, authority, up) => {
    const answers = [{ answers: 3, messages: 1, newest: 3 }];
    const at = { authority, answers, countedUp: 5, emptyPolls: 7 };
    expect(incidental("short-polling", at)).toEqual({
      setUp: { down: 0, up: 2 * up },
      deliveries: { down: 0, up: 3 * up },
      emptyPolls: { down: 0, up: 7 * up },
      upstream: { down: 0, up: 5 * up },
    });
    expect(incidental("websocket", at).setUp).toEqual({ down: 0, up: 2 * up });
    expect(incidental("tcp", at)).toEqual(incidental("tcp", { countedUp: 5 }));
  });
});
