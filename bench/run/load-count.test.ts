import { describe, expect, it } from "vitest";
import { loadsFor } from "./load-count.ts";

describe("the number of load processes", () => {
  it.each<[string, number, number, number | null, number | null, number]>([
    ["50 clients have one, on two cores", 50, 1, 19_960, 0, 1],
    ["50 clients have one, on many cores", 50, 1, 19_960, 60, 1],
    ["the usual search has one", 4_000, 1, 19_960, 60, 1],
    ["descriptors ask for more, whatever cores there are", 250_000, 1, 19_960, -12, 13],
    ["what just fits, fits", 19_960, 1, 19_960, 0, 1],
    ["cores take over from 5 000 clients each", 16_000, 1, 19_960, 14, 3],
    ["no more of them than there are cores left", 250_000, 1, 1_000_000, 6, 6],
    ["clients that share connections need fewer", 250_000, 100, 19_960, 0, 1],
    ["it ends at 64", 1_000_000, 1, 1_000, 0, 64],
    ["one where a system says nothing", 250_000, 1, null, null, 1],
  ])("%s", (_says, clients, clientsEach, connectionsEach, cores, loads) => {
    const room = { connectionsEach, cores, clientsWorthACore: 5_000 };
    expect(loadsFor(clients, clientsEach, room)).toBe(loads);
  });
});
