import { describe, expect, it } from "vitest";
import { phaseOf, resourcesOf } from "../../test/results-fixture.ts";
import { busyProcess, linkShareOf } from "./busy-processes.ts";

const twoSeconds = { durationMs: 2_000, turningMs: 0, cores: 4 };

describe("how busy a process was", () => {
  it("is told by its busiest second, however long it waited for messages after that", () => {
    const used = resourcesOf({
      ...twoSeconds,
      cpuMs: 950,
      systemMs: 570,
      busiestThreadMs: 900,
      utilisation: 0.5,
      busiestSecond: 1,
    });
    expect(busyProcess(used)).toEqual({
      process: used.process,
      share: 1,
      cpuShare: expect.closeTo(0.9, 9),
      kernelShare: expect.closeTo(0.6, 9),
    });
  });

  it("doesn't count waiting for due times", () => {
    const waiting = { cpuMs: 1_900, turningMs: 1_800, busiestThreadMs: 1_900 };
    const used = resourcesOf({ ...twoSeconds, ...waiting, utilisation: 0.05, busiestSecond: 0.06 });
    expect(busyProcess(used)).toMatchObject({ share: 0.06, cpuShare: expect.closeTo(0.06, 9) });
  });

  it("is told by its processor time where its event loop isn't seen, with what it waited for that", () => {
    const unseen = { utilisation: null, busiestSecond: null, waitedMs: 600 };
    const used = resourcesOf({ ...twoSeconds, ...unseen, cpuMs: 1_300, busiestThreadMs: 1_200 });
    expect(busyProcess(used)).toEqual({
      process: used.process,
      share: expect.closeTo(0.9, 9),
      cpuShare: expect.closeTo(0.6, 9),
      kernelShare: null,
    });
  });

  it("is nothing of a process that did nothing", () => {
    const idle = { cpuMs: 0, busiestThreadMs: 0, utilisation: 0, busiestSecond: 0, waitedMs: 0 };
    expect(busyProcess(resourcesOf({ ...twoSeconds, ...idle }))).toMatchObject({ share: 0 });
  });
});

describe("the share of a link", () => {
  it("isn't known without one, nor of one without a limit", () => {
    expect(linkShareOf(phaseOf())).toBeNull();
  });
});
