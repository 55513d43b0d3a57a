import { describe, expect, it } from "vitest";
import { histogramOf } from "../measure/histogram.ts";
import type { Connecting, Dialled, LoadVerbs, TrialParameters } from "../processes/protocol.ts";
import type { Remote } from "../processes/remote.ts";
import { parseVariant, recordedVariant } from "../settings/variant.ts";
import { Fleet } from "./fleet.ts";
import type { Dialling } from "./fleet.ts";
import type { Host } from "./host.ts";
import { noEndpoint } from "./serving.ts";

const parameters: TrialParameters = {
  variant: recordedVariant(parseVariant("tcp")),
  payloadBytes: 64,
  seed: 1,
  epochNs: 0,
};

const setUp = histogramOf([]);

/** A load process that holds so many clients, and then is out of descriptors; `refused` fail for another reason. */
function holding(name: string, most: number, refused: readonly number[]): Remote<LoadVerbs> {
  let held = 0;
  const connect = ({ clients, firstClient }: Connecting): Dialled => {
    const cursors: number[] = [];
    const failures: Record<string, number> = {};
    for (let place = 0; place < clients; place += 1) {
      const cause = refused.includes(firstClient + place)
        ? "status 503"
        : held === most
          ? "EMFILE"
          : null;
      if (cause === "EMFILE") {
        failures[cause] = 1;
        break;
      }
      if (cause !== null) {
        failures[cause] = 1;
        continue;
      }
      held += 1;
      cursors[place] = 0;
    }
    return {
      connected: cursors.filter(() => true).length,
      failures,
      durationMs: 1,
      setUp,
      cursors: cursors.filter(() => true),
      skipped: [...cursors.keys()].filter((place) => !(place in cursors)),
    };
  };
  const answers: Record<string, (args: never) => unknown> = {
    connect,
    disconnect: ({ clients }: { clients: number }) => void (held = clients),
  };
  return {
    name,
    ended: new Promise(() => {}),
    // The verbs' answers are as the protocol has them, but for those that answer nothing.
    call: async (verb, args) => answers[verb]?.(args as never) as never,
    [Symbol.asyncDispose]: async () => {},
  };
}

async function fleetOf(
  loads: number,
  { most = 1_000, refused = [] as number[], canary = false } = {},
): Promise<Fleet> {
  const host = {
    start: (_entry: string, name: string) => holding(name, most, refused),
    at: () => host,
  } as unknown as Host;
  const fleet = new Fleet(host, parameters, null, async () => {});
  fleet.open(loads, canary);
  await fleet.start(noEndpoint);
  return fleet;
}

const dialling = (clients: number): Dialling => ({ clients, channels: "shared", nextSequence: 1 });
const held = (fleet: Fleet): number[] => fleet.loads.map(({ clients }) => clients);
const numbers = (fleet: Fleet): number[] =>
  fleet.holders.flatMap((load) => load.numbers).toSorted((a, b) => a - b);
const upTo = (count: number): number[] => [...Array(count).keys()];

describe("the clients of a fleet", () => {
  it("are in one load process where there is one, and the canary comes in their middle", async () => {
    const fleet = await fleetOf(1, { canary: true });
    const { cause } = await fleet.dial(dialling(50));
    expect({ cause, held: held(fleet), numbers: numbers(fleet) }).toEqual({
      cause: null,
      held: [50],
      numbers: upTo(51),
    });
    expect(fleet.canary?.numbers).toEqual([50]);
  });

  it("spread evenly, with numbers of their own and no gaps, when they come and when they go", async () => {
    const fleet = await fleetOf(3);
    await fleet.dial(dialling(10));
    expect(held(fleet)).toEqual([4, 3, 3]);
    await fleet.dial(dialling(30));
    expect(held(fleet)).toEqual([10, 10, 10]);
    expect(numbers(fleet)).toEqual(upTo(30));
    await fleet.hangUp(8);
    expect(held(fleet)).toEqual([3, 3, 2]);
    await fleet.dial(dialling(20));
    expect(held(fleet)).toEqual([7, 7, 6]);
    expect(numbers(fleet)).toEqual(upTo(20));
  });

  it("fill further processes where those that there are run out of descriptors", async () => {
    const fleet = await fleetOf(2, { most: 10 });
    const { cause } = await fleet.dial(dialling(55));
    expect(cause).toBeNull();
    expect(held(fleet)).toEqual([10, 10, 9, 9, 9, 8]);
    expect(numbers(fleet)).toEqual(upTo(55));
  });

  it("end where not even 64 processes can hold more", async () => {
    const fleet = await fleetOf(1, { most: 2 });
    const { cause } = await fleet.dial(dialling(200));
    expect(cause).toBe("EMFILE");
    expect(fleet.clients).toBe(128);
  });

  it("end where a process can't have a single one", async () => {
    const fleet = await fleetOf(2, { most: 0 });
    expect((await fleet.dial(dialling(10))).cause).toBe("EMFILE");
    expect(fleet.loads).toHaveLength(2);
  });

  it("never share a number, where the server refuses one and others get through", async () => {
    const fleet = await fleetOf(2, { refused: [3, 6] });
    const { cause } = await fleet.dial(dialling(10));
    expect(cause).toBe("status 503");
    expect(numbers(fleet)).toEqual([0, 1, 2, 4, 5, 7, 8, 9]);
    await fleet.hangUp(4);
    expect(held(fleet)).toEqual([2, 2]);
    expect(numbers(fleet)).toEqual([0, 1, 5, 7]);
  });
});
