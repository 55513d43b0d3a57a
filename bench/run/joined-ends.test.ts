import { describe, expect, test } from "vitest";
import { phaseOf, resourcesOf } from "../../test/results-fixture.ts";
import { noBytes } from "../../transports/wire-bytes.ts";
import { perPart } from "../../transports/wire-parts.ts";
import type { ServerEnd } from "../processes/protocol.ts";
import { besideEachOther, joinedEnds } from "./joined-ends.ts";

function endOf(bytes: number, cpuMs: number): ServerEnd {
  const total = { down: bytes, up: 1 };
  const wire = {
    ...phaseOf().wire,
    total,
    parts: { ...perPart(() => noBytes), deliveries: total },
    records: perPart(() => noBytes),
    requests: 2,
    answers: [{ answers: 1, messages: bytes, newest: 9 }],
    connections: 3,
  };
  const resources = [resourcesOf({ process: "server", cpuMs })] as const;
  return { wire, cycle: null, batches: null, resources, kernelSocketBytes: bytes };
}

describe("servers that have served one after the other", () => {
  test("are counted together, with each one's resources", () => {
    const joined = joinedEnds([endOf(10, 1), endOf(20, 2), endOf(30, 3)], 500);
    expect(joined.wire).toMatchObject({
      total: { down: 60, up: 3 },
      parts: { deliveries: { down: 60, up: 3 } },
      requests: 6,
      connections: 9,
    });
    expect(joined.wire?.answers.map(({ messages }) => messages)).toEqual([10, 20, 30]);
    expect(joined.resources.map(({ cpuMs }) => cpuMs)).toEqual([1, 2, 3]);
    expect(joined).toMatchObject({ durationMs: 500, kernelSocketBytes: 30 });
  });

  test("have no bytes where those of one weren't counted", () => {
    expect(joinedEnds([{ ...endOf(10, 1), wire: null }, endOf(20, 2)], 1).wire).toBeNull();
  });
});

describe("servers that have served side by side", () => {
  test("are counted together, and their host once", () => {
    const joined = besideEachOther([endOf(10, 1), endOf(20, 2)]);
    expect(joined.wire).toMatchObject({ total: { down: 30, up: 2 }, connections: 6 });
    expect(joined.resources.map(({ cpuMs }) => cpuMs)).toEqual([1, 2]);
    expect(joined.kernelSocketBytes).toBe(10);
  });

  test("are counted as it is where there is one", () => {
    const end = endOf(10, 1);
    expect(besideEachOther([end])).toBe(end);
  });
});
