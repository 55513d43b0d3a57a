import * as z from "zod";
import { bitRate, duration, percentage, size } from "../../transports/option-values.ts";
import { nearest, usageError } from "../errors/errors.ts";
import { mtuBytes } from "./network-profile.ts";
import type { DirectionProfile } from "./network-profile.ts";
import type { Loss } from "./packet-loss.ts";
import { maxHeldBytes } from "./relay-profile.ts";
import type { RelayDirection } from "./relay-profile.ts";

// The settings of a network, as `--network` has them: each is given for both directions or for each of them.

/** What is given for one direction; what isn't stays as it is in the network that it starts from. */
export type Given = Partial<{
  -readonly [Key in keyof Everything]: Everything[Key];
}> & { burst?: number; outageMs?: number; outageEveryMs?: number };

type Everything = DirectionProfile & RelayDirection;

/** What plays a network: the packets between two namespaces, or a relay of TCP connections. */
export type Player = "packets" | "relay";

const share = (max: number): z.ZodType<number> =>
  percentage(0, max).transform((percent) => percent / 100);
const delay = duration(0, 10_000);
const outage = duration(10, 3_600_000);

const chain = "toBad:toGood:lossInBad:lossInGood";
const lossAllowed = `a percentage below 100%, or ${chain}, such as 1%:25%:100%:0%`;

/** `2%`, or the four probabilities of a chain. */
const loss: z.ZodType<Loss> = z
  .string()
  .transform((text): unknown[] => text.split(":"))
  .pipe(
    z.union(
      [
        z
          .tuple([share(99.9)])
          .transform(([probability]): Loss => ({ kind: "random", probability })),
        z
          .tuple([share(100), share(100), share(100), share(100)])
          .refine(([toBad, toGood]) => toBad > 0 && toGood > 0)
          .transform(([toBad, toGood, inBad, inGood]): Loss => ({
            kind: "bursts",
            toBad,
            toGood,
            inBad,
            inGood,
          })),
      ],
      { error: lossAllowed },
    ),
  );

const bandwidth = z.union([z.literal("unlimited").transform(() => null), bitRate(8_000, 100e9)], {
  error: "unlimited, or a rate from 8kbit to 100Gbit a second, such as 512kbit or 10Mbit",
});

const burstAllowed = "a mean number of packets from 1 to 10000, such as 4";

const none = z.literal("none").transform(() => null);

/** `4KiB:100ms` */
const hold = z.union(
  [
    none,
    z
      .string()
      .transform((text): unknown[] => text.split(":"))
      .pipe(z.tuple([size(1, maxHeldBytes), duration(1, 60_000)]))
      .transform(([bytes, forMs]) => ({ bytes, forMs })),
  ],
  { error: "none, or bytes up to 256KiB and a time up to 1m, such as 4KiB:100ms" },
);

const slice = z.union([none, size(1, 65_536)], {
  error: "none, or a size from 1 to 65536 bytes, such as 64",
});

const idleTimeout = z.union([none, duration(100, 3_600_000)], {
  error: "none, or a duration from 100ms to 1h, such as 60s",
});

/** How each setting is written, and what it sets. */
const shared: Readonly<Record<string, z.ZodType<Given>>> = {
  delay: delay.transform((delayMs) => ({ delayMs })),
  jitter: delay.transform((jitterMs) => ({ jitterMs })),
  "jitter-shape": z
    .enum(["uniform", "exponential"], { error: "uniform or exponential" })
    .transform((jitterShape) => ({ jitterShape })),
  bandwidth: bandwidth.transform((bitsPerSecond) => ({ bitsPerSecond })),
  outage: outage.transform((outageMs) => ({ outageMs })),
  "outage-every": outage.transform((outageEveryMs) => ({ outageEveryMs })),
};

const ofPackets: Readonly<Record<string, z.ZodType<Given>>> = {
  loss: loss.transform((loss) => ({ loss })),
  burst: z.coerce
    .number({ error: burstAllowed })
    .min(1, burstAllowed)
    .max(10_000, burstAllowed)
    .transform((burst) => ({ burst })),
  reorder: share(100).transform((reorder) => ({ reorder })),
  "reorder-by": delay.transform((reorderByMs) => ({ reorderByMs })),
  queue: size(mtuBytes, 100_000_000).transform((queueBytes) => ({ queueBytes })),
};

const ofRelays: Readonly<Record<string, z.ZodType<Given>>> = {
  hold: hold.transform((hold) => ({ hold })),
  slice: slice.transform((sliceBytes) => ({ sliceBytes })),
  "idle-timeout": idleTimeout.transform((idleTimeoutMs) => ({ idleTimeoutMs })),
};

const settings = {
  packets: { ...shared, ...ofPackets },
  relay: { ...shared, ...ofRelays },
} as const;

/** Throws a `BenchError` of one line. */
export function parseSetting(
  part: string,
  player: Player,
): { name: string; down: Given; up: Given } {
  const [name = "", value, ...more] = part.split("=");
  const known: Readonly<Record<string, z.ZodType<Given>>> = settings[player];
  const setting = Object.hasOwn(known, name) ? known[name] : undefined;
  if (setting === undefined || value === undefined || more.length > 0) {
    throw usageError(whyNot(part, name, player));
  }
  const [down = "", up = down, ...others] = value.split("/");
  const parsed = [down, up].map((one) => setting.safeParse(one));
  const [forDown, forUp] = parsed;
  if (others.length > 0 || forDown?.success !== true || forUp?.success !== true) {
    const allowed = parsed.find(({ success }) => !success)?.error?.issues[0]?.message;
    const expected = allowed ?? "one value, or two with a slash between them";
    throw usageError(`${name} must be ${expected}; it is ${JSON.stringify(value)}`);
  }
  return { name, down: forDown.data, up: forUp.data };
}

function whyNot(part: string, name: string, player: Player): string {
  if (player === "relay" && Object.hasOwn(ofPackets, name)) {
    return `${name} is what packets meet, and a relay passes on TCP connections; leave out ${name} or relay:`;
  }
  if (player === "packets" && Object.hasOwn(ofRelays, name)) {
    return `${name} is what a relay does with TCP connections; write relay: first, as in relay:${part}`;
  }
  const names = Object.keys(settings[player]);
  const hint = `${nearest(name, names)}allowed are ${names.join(", ")}, each with =VALUE or =DOWN/UP`;
  return `${JSON.stringify(part)} is no setting; ${hint}`;
}

/** Whether a relay can play a part of what `--network` is given: a name, or a setting. */
export function isForRelays(part: string): boolean {
  return !Object.hasOwn(ofPackets, part.split("=")[0] ?? "");
}
