import { describe, expect, it } from "vitest";
import { factsOf, silent } from "../../test/facts-fixture.ts";
import type { Finding } from "./diagnosis.ts";
import type { Facts } from "./facts.ts";
import { machineFindings, distortingFindings } from "./findings.ts";
import { notesAfter } from "./notes.ts";

const findingOf = (key: Finding["key"], overrides: Partial<Facts>): Finding | undefined =>
  machineFindings(factsOf(overrides)).find((finding) => finding.key === key);

describe("a machine's findings", () => {
  it("are all good where there is nothing to complain about, and advise nothing", () => {
    for (const finding of machineFindings(factsOf())) {
      expect(finding).toMatchObject({ status: "good", advice: null });
    }
  });

  it("are unknown where the system reports nothing, and then advise nothing", () => {
    const findings = machineFindings(factsOf(silent));
    const unknown = findings.filter(({ status }) => status === "unknown");
    expect(unknown.map(({ key }) => key)).toEqual([
      "cpu-limit",
      "steal",
      "governor",
      "descriptors",
      "ports",
      "backlog",
    ]);
    for (const { advice, found } of unknown) {
      expect(advice).toBeNull();
      expect(found).toMatch(/^not reported/);
    }
  });

  it.each<[Finding["key"], Finding["status"], Partial<Facts>, RegExp]>([
    ["cores", "good", { cores: 4 }, /4 for 4 processes/],
    ["cores", "limited", { cores: 2 }, /2 for 4 processes/],
    ["cores", "bad", { cores: 1 }, /1 for 4 processes/],
    ["cpu-limit", "good", { cgroup: { cpuCores: 4, memoryBytes: null } }, /4 cores/],
    ["cpu-limit", "limited", { cgroup: { cpuCores: 1.5, memoryBytes: null } }, /1\.5 cores/],
    [
      "cpu-limit",
      "bad",
      { throttled: { ms: 12_345.6, since: "this command started" } },
      /12 346 ms/,
    ],
    [
      "cpu-limit",
      "limited",
      { throttled: { ms: 80, since: "its control group was created" } },
      /none; throttled for 80 ms since its/,
    ],
    ["steal", "good", { stolen: { share: 0.01, since: "this command started" } }, /1\.00 %/],
    [
      "steal",
      "bad",
      { stolen: { share: 0.011, since: "the machine booted" } },
      /1\.10 % since the/,
    ],
    ["load", "good", { loadBefore: 2.4 }, /2\.40/],
    ["load", "limited", { loadBefore: 2.5 }, /2\.50/],
    ["governor", "limited", { governor: "powersave" }, /governor powersave/],
    ["clock", "limited", { clockSource: "hpet", clock: { costNs: 1_200, stepNs: 70 } }, /hpet/],
    ["clock", "limited", { clock: { costNs: 9, stepNs: 4_000 } }, /4000 ns/],
    [
      "descriptors",
      "limited",
      { openFilesLimit: 1_024, openFilesHardLimit: 4_096 },
      /1024 .* \(hard limit 4096\)/,
    ],
    ["descriptors", "bad", { openFilesLimit: 255, openFilesHardLimit: 255 }, /255/],
    ["ports", "limited", { portRange: [40_000, 40_149] }, /^150 \(40000-40149\)/],
    ["backlog", "limited", { acceptBacklog: 128 }, /^128 .* asks for 4096/],
    ["memory", "limited", { availableBytes: 600 * 2 ** 20 }, /600 MiB/],
    ["memory", "bad", { availableBytes: 2 ** 28 }, /256 MiB/],
  ])("%s is %s with %o", (key, status, overrides, found) => {
    const finding = findingOf(key, overrides);
    expect(finding).toMatchObject({ status, found: expect.stringMatching(found) });
    expect(finding?.advice === null).toBe(status === "good");
  });
});

describe("what is said before a run", () => {
  const said = (overrides: Partial<Facts>, wanted = 1_000): string[] => {
    const facts = factsOf(overrides);
    const findings = distortingFindings(facts, wanted, 1);
    return findings.map(({ key, status }) => `${status} ${key}`);
  };

  it("is nothing on a good machine, nor on one that reports nothing", () => {
    expect(said({})).toEqual([]);
    expect(said(silent)).toEqual([]);
  });

  it("is what distorts its figures", () => {
    const throttled = { ms: 5, since: "this command started" } as const;
    const stolen = { share: 0.2, since: "the machine booted" } as const;
    expect(said({ cores: 2, governor: "powersave", throttled, stolen })).toEqual([
      "limited cores",
      "bad cpu-limit",
      "bad steal",
      "limited governor",
    ]);
  });

  it("is not what it doesn't need", () => {
    expect(
      said({ acceptBacklog: 128, openFilesLimit: 1_024, openFilesHardLimit: 1_024 }, 500),
    ).toEqual([]);
  });

  it("is how many processes there are for the cores, by the number of servers", () => {
    const [cores] = distortingFindings(factsOf({ cores: 5 }), 100, 3);
    expect(cores).toMatchObject({
      status: "limited",
      found: "5 for 6 processes",
      enables: expect.stringMatching(/^servers, load, /),
      advice: "use a machine with 6 cores or more",
    });
  });

  it("is that more clients are wanted than can be had", () => {
    const few = { openFilesLimit: 256, openFilesHardLimit: 256 };
    expect(said(few, 216)).toEqual([]);
    expect(said(few, 217)).toEqual(["limited connections"]);
    expect(said({ portRange: [40_000, 40_149] }, 200)).toEqual(["limited connections"]);
  });
});

describe("what is said of stolen time after a run", () => {
  const before = {
    key: "steal",
    title: "stolen time",
    status: "bad",
    found: "1.20 % since the machine booted",
    effect: "",
    advice: null,
  } as const;
  const cores = { ...before, key: "cores", status: "limited" } as const;

  it("is what was stolen in the run, and not before", () => {
    expect(notesAfter([cores, before], 0.003)).toEqual([cores]);
    expect(notesAfter([cores], 0.034)).toMatchObject([
      cores,
      { key: "steal", status: "bad", found: "3.40 % since the run started" },
    ]);
  });

  it("stays what it was where the system doesn't say", () => {
    expect(notesAfter([before], null)).toEqual([before]);
  });
});
