import { describe, expect, it } from "vitest";
import { planRun } from "../plan/plan.ts";
import { asFlag } from "../settings/naming.ts";
import { resolveConfig } from "../settings/config.ts";
import { preflightFront } from "./preflight-front.ts";
import { balancers, isMissing } from "../../test/requirements.ts";

const given = { scenarios: ["latency"], transports: ["sse"], trials: 1 };
const through = { ...given, clients: 1_000, balance: "nginx" } as const;

describe.skipIf(isMissing(balancers))("a balancer", () => {
  it("is refused more clients than it has descriptors for", async () => {
    const plan = planRun(resolveConfig(through, asFlag, 1));
    // With the canary, two each, and some for itself.
    await expect(preflightFront(plan, asFlag, 2_102)).resolves.toBeUndefined();
    await expect(preflightFront(plan, asFlag, 2_101)).rejects.toThrow(
      "--balance nginx: 1001 clients need 2102 descriptors in one process, and 2101 are allowed; raise that by ulimit -n, or name fewer --clients",
    );
  });
});

it("isn't looked for where clients dial servers", async () => {
  const plan = planRun(resolveConfig(given, asFlag, 1));
  await expect(preflightFront(plan, asFlag, 1)).resolves.toBeUndefined();
});
