import type { Misfortune, Scenario } from "../../scenarios/scenario.ts";
import { transports } from "../../transports/index.ts";
import { duration, formatMs } from "../../transports/option-values.ts";
import { reconnectPolicies } from "../results/recorded-misfortune.ts";
import { usageError } from "../errors/errors.ts";
import { listing } from "../text/format.ts";
import { asFlag } from "./naming.ts";
import type { Config } from "./config.ts";
import type { Variant } from "./variant.ts";
import type { Naming } from "./naming.ts";
import * as z from "zod";

/** How clients come back where only a part of it is said. */
const usual = { policy: "full-jitter", baseMs: 250, capMs: 5_000 } as const;

export const misfortuneSettings = {
  reconnect: z.enum(reconnectPolicies, { error: `one of ${reconnectPolicies.join(", ")}` }),
  reconnectBase: duration(1, 3_600_000),
  reconnectCap: duration(1, 3_600_000),
  cutEvery: duration(10, 3_600_000),
  objective: duration(1, 600_000),
};

type Settings = {
  readonly [Key in keyof typeof misfortuneSettings]?:
    | z.infer<(typeof misfortuneSettings)[Key]>
    | undefined;
};

/** The part of a workload that settings say, for what a config has so far. */
export function misfortuneOf(
  settings: Settings,
  { scenarios, variants, durationMs }: Pick<Config, "scenarios" | "variants" | "durationMs">,
  naming: Naming,
): Misfortune {
  const { reconnect: policy, reconnectBase, reconnectCap, cutEvery, objective } = settings;
  const givenKey = (["reconnect", "reconnectBase", "reconnectCap"] as const).find(
    (key) => settings[key] !== undefined,
  );
  if (givenKey !== undefined) checkTaken("reconnect", givenKey, scenarios, naming);
  if (policy === "native") checkNative(variants, naming);
  if (cutEvery !== undefined) {
    checkTaken("cutEveryMs", "cutEvery", scenarios, naming);
    if (cutEvery >= durationMs) {
      throw usageError(
        `${naming("cutEvery")}: a phase of ${formatMs(durationMs)} (${asFlag("duration")}) has no cut every ${formatMs(cutEvery)}`,
      );
    }
  }
  if (objective !== undefined) checkTaken("objectiveMs", "objective", scenarios, naming);
  return {
    ...(givenKey !== undefined && {
      reconnect: backoffOf(policy, reconnectBase, reconnectCap, naming),
    }),
    ...(cutEvery !== undefined && { cutEveryMs: cutEvery }),
    ...(objective !== undefined && { objectiveMs: objective }),
  };
}

function backoffOf(
  policy: NonNullable<Misfortune["reconnect"]>["policy"] = usual.policy,
  base: number | undefined,
  cap: number | undefined,
  naming: Naming,
): NonNullable<Misfortune["reconnect"]> {
  const baseMs = base ?? Math.min(usual.baseMs, cap ?? usual.baseMs);
  const capMs = cap ?? Math.max(usual.capMs, baseMs);
  if (baseMs > capMs) {
    throw usageError(
      `${naming("reconnectBase")}: ${formatMs(baseMs)} is more than the longest wait, ${formatMs(capMs)} (${asFlag("reconnectCap")})`,
    );
  }
  return { policy, baseMs, capMs };
}

/** Only some libraries come back by themselves. */
function checkNative(variants: readonly Variant[], naming: Naming): void {
  const unable = variants.find(({ bound }) => !bound.comesBack);
  if (unable === undefined) return;
  const able = transports.flatMap(({ name, comesBack }) =>
    comesBack.map((client) => (client === "default" ? name : `${name}:${client}`)),
  );
  throw usageError(
    `${naming("reconnect")}: ${unable.name} doesn't come back by itself, as ${listing(able)} do; name another policy`,
  );
}

function checkTaken(
  field: keyof Misfortune,
  key: string,
  scenarios: readonly Scenario[],
  naming: Naming,
): void {
  if (scenarios.some((scenario) => takes(scenario, field))) return;
  throw usageError(`${naming(key)} has no effect on ${listing(scenarios.map(({ name }) => name))}`);
}

/** What a scenario takes over of it. */
export function takenBy(scenario: Scenario, said: Misfortune): Misfortune {
  const { reconnect, cutEveryMs, objectiveMs } = said;
  return {
    ...(reconnect !== undefined && takes(scenario, "reconnect") && { reconnect }),
    ...(cutEveryMs !== undefined && takes(scenario, "cutEveryMs") && { cutEveryMs }),
    ...(objectiveMs !== undefined && takes(scenario, "objectiveMs") && { objectiveMs }),
  };
}

function takes({ takes = [] }: Scenario, field: keyof Misfortune): boolean {
  return takes.includes(field);
}
