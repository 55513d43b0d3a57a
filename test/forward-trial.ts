import { expect, test } from "vitest";
import { whyNoProgram } from "../bench/machine/program-file.ts";
import { squidForward } from "../bench/proxies/squid-forward.ts";
import { latency } from "../scenarios/latency.ts";
import { trialOf } from "./captured-trial.ts";
import { playFleet } from "./fleet-trial.ts";
import type { Requirement } from "./requirements.ts";

/** The forward proxy that is at hand. */
export const squid: Requirement = {
  what: "squid",
  isMet: () => whyNoProgram(squidForward) === null,
  isOfTheMachine: true,
};

const clients = 3;

/** The deliveries of a few messages to clients that go through a forward proxy. */
async function playThrough(variant: string): Promise<unknown> {
  const { workload, ...trial } = trialOf(variant, 256);
  const scenario = { ...latency, canary: false };
  const planned = { ...trial, netns: false, scenario, workload: { ...workload, clients } };
  const phases = await playFleet(planned, async (stage) => {
    await stage.clients.connect(clients);
    await stage.phase("down", () => stage.server.publish({ ratePerSecond: 40, forMs: 250 }));
  });
  return phases.at(-1)?.deliveries;
}

/** Expects every delivery to come once. */
export function passesOn(variant: string): void {
  test(`${variant}: all deliveries come`, async () => {
    const all = { delivered: 10 * clients, lost: 0, duplicated: 0, reordered: 0, corrupted: 0 };
    expect(await playThrough(variant)).toMatchObject(all);
  });
}

/** Expects the proxy to allow no tunnel. */
export function allowsNoTunnel(variant: string): void {
  test(`${variant}: no tunnel is allowed to other ports than 443`, async () => {
    await expect(playThrough(variant)).rejects.toThrow(
      "the proxy answered CONNECT by 403 Forbidden",
    );
  });
}
