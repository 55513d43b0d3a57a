import * as z from "zod";
import { usageError } from "../errors/errors.ts";
import { profileNames } from "../results/recorded-config.ts";
import type { ProfileName } from "../results/recorded-config.ts";
import type { Naming } from "./naming.ts";

/** What holds in a run where nothing else is said; times in milliseconds. */
interface Profile {
  readonly trials: number;
  readonly durationMs: number;
  readonly warmUpMs: number;
  readonly maxConnections: number;
  readonly maxIdleMs: number;
  /** The usual ones when left out. */
  readonly scenarios?: readonly string[];
  readonly transports?: readonly string[];
}

const usual = {
  trials: 3,
  durationMs: 2_500,
  warmUpMs: 800,
  maxConnections: 1_000,
  maxIdleMs: 31_000,
};

const profiles: Readonly<Record<ProfileName, Profile>> = {
  quick: { trials: 1, durationMs: 600, warmUpMs: 200, maxConnections: 100, maxIdleMs: 2_000 },
  default: usual,
  thorough: {
    trials: 10,
    durationMs: 10_000,
    warmUpMs: 2_000,
    maxConnections: 4_000,
    maxIdleMs: 60_000,
  },
  // So many trials that intervals have 95 % confidence.
  "bad-day": {
    ...usual,
    trials: 10,
    scenarios: ["bad-day"],
    transports: [
      "short-polling",
      "long-polling",
      "sse",
      "streaming",
      "websocket",
      "socket.io",
      "socket.io@websocket+recovery",
    ],
  },
};

const flag = z.boolean({ error: "true or false" });

/** The first two are short for the profiles of their names. */
export const profileSettings = {
  quick: flag,
  thorough: flag,
  profile: z.enum(profileNames, { error: `one of ${profileNames.join(", ")}` }),
};

type Settings = {
  readonly [Key in keyof typeof profileSettings]?:
    | z.infer<(typeof profileSettings)[Key]>
    | undefined;
};

/** Throws where several are asked for. */
export function profileOf(
  settings: Settings,
  naming: Naming,
): Profile & { readonly name: ProfileName } {
  const { quick = false, thorough = false, profile } = settings;
  const given = [
    ...(quick ? (["quick"] as const) : []),
    ...(thorough ? (["thorough"] as const) : []),
    ...(profile === undefined ? [] : (["profile"] as const)),
  ];
  const [first, second] = given;
  if (first !== undefined && second !== undefined) {
    throw usageError(`${naming(first)} and ${naming(second)} exclude each other`);
  }
  const name = first === undefined ? "default" : first === "profile" ? profile : first;
  return { name: name ?? "default", ...profiles[name ?? "default"] };
}
