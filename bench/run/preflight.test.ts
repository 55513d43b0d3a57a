import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { planRun } from "../plan/plan.ts";
import { resolveConfig } from "../settings/config.ts";
import { asFlag } from "../settings/naming.ts";
import { preflightNetworks } from "./preflight.ts";

const path = process.env["PATH"];

// Nothing is found that makes networks of packets.
beforeEach(() => void (process.env["PATH"] = ""));
afterEach(() => void (process.env["PATH"] = path));

function preflight(settings: { scenarios: string[]; network?: string }): Promise<void> {
  const config = resolveConfig({ transports: ["sse"], ...settings }, asFlag, 1);
  return preflightNetworks(planRun(config), asFlag);
}

describe("where a network of packets can't be made", () => {
  it.each([
    ["4g", /^--network: .*; --network relay:4g plays it on TCP connections, without loss$/],
    ["delay=5ms,queue=9KB", /; --network relay:delay=5ms plays it on TCP connections$/],
  ])("a relay is offered instead of %s", async (network, message) => {
    await expect(preflight({ scenarios: ["latency"], network })).rejects.toThrow(message);
  });

  it("none is where nothing would be left to play, or a script needs packets", async () => {
    const lossOnly = preflight({ scenarios: ["latency"], network: "loss=1%" });
    await expect(lossOnly).rejects.toThrow(/^(?!.*relay:)--network: /);
    await expect(preflight({ scenarios: ["lossy"] })).rejects.toThrow(
      /^(?!.*relay:).*scenario lossy/,
    );
  });

  it("a relay plays", async () => {
    await preflight({ scenarios: ["latency", "reconnect"], network: "relay:4g" });
  });
});
