import { describe, expect, it } from "vitest";
import { factsOf, silent } from "../../test/facts-fixture.ts";
import { connectionCapacity } from "./capacity.ts";
import { diagnosisFormat, diagnosisSchema, diagnosisVersion } from "./diagnosis.ts";
import type { Diagnosis } from "./diagnosis.ts";
import type { Facts } from "./facts.ts";
import { machineFindings } from "./findings.ts";
import { findRate } from "./rate.ts";
import { namespaceFinding } from "./namespace-finding.ts";
import { diagnosisText } from "./diagnosis-text.ts";

async function diagnosisOf(facts: Facts): Promise<Diagnosis> {
  const used = { serverCpuShare: 0.1, loadCpuShare: 0.12, loadUtilisation: 0.1 };
  const about = { variant: "websocket", clients: 50, payloadBytes: 256, ...used };
  return diagnosisSchema.parse({
    format: diagnosisFormat,
    schemaVersion: diagnosisVersion,
    machine: {
      cpu: facts.cpu,
      cores: facts.cores,
      platform: facts.platform,
      kernel: facts.kernel,
      hypervisor: facts.hypervisor,
      node: "20.19.0",
    },
    findings: [...machineFindings(facts), namespaceFinding({ as: "rootless" })],
    connections: connectionCapacity(facts),
    deliveriesPerSecond: await findRate(
      async (deliveriesPerSecond) => ({ ...about, deliveriesPerSecond, doubts: [] }),
      facts.cores,
    ),
  });
}

describe("a diagnosis for people", () => {
  it("says each finding with its status, and what would help", async () => {
    const facts = factsOf({ cores: 1, hypervisor: "KVM", governor: null, acceptBacklog: 128 });
    expect(diagnosisText(await diagnosisOf(facts))).toMatchSnapshot();
  });

  it("fits into 100 columns, whatever the machine tells", async () => {
    for (const facts of [factsOf(), factsOf(silent), factsOf({ cpu: "C P U ".repeat(40) })]) {
      for (const line of diagnosisText(await diagnosisOf(facts)).split("\n")) {
        expect(line.length).toBeLessThanOrEqual(100);
      }
    }
  });

  it("says why there is no rate", async () => {
    const diagnosis = await diagnosisOf(factsOf());
    const nothing = { most: null, boundBy: null, limits: [], tried: [], failure: "listen EACCES" };
    expect(diagnosisText({ ...diagnosis, deliveriesPerSecond: nothing })).toMatch(
      /unknown: listen EACCES$/,
    );
  });
});
