import * as z from "zod";
import { bitRate, duration, percentage, size } from "../../transports/option-values.ts";
import { nearest, usageError } from "../errors/errors.ts";
import { burstLoss } from "./packet-loss.ts";
import type { Loss } from "./packet-loss.ts";
import { networks } from "./networks.ts";
import { mtuBytes, unimpaired } from "./network-profile.ts";
import type { DirectionProfile, NetworkProfile } from "./network-profile.ts";

/** What is given for one direction; what isn't stays as it is in the network that it starts from. */
type Given = Partial<{
  -readonly [Key in keyof DirectionProfile]: DirectionProfile[Key];
}> & { burst?: number; outageMs?: number; outageEveryMs?: number };

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

/** How each setting is written, and what it sets. */
const settings: Readonly<Record<string, z.ZodType<Given>>> = {
  delay: delay.transform((delayMs) => ({ delayMs })),
  jitter: delay.transform((jitterMs) => ({ jitterMs })),
  "jitter-shape": z
    .enum(["uniform", "exponential"], { error: "uniform or exponential" })
    .transform((jitterShape) => ({ jitterShape })),
  loss: loss.transform((loss) => ({ loss })),
  burst: z.coerce
    .number({ error: burstAllowed() })
    .min(1, burstAllowed())
    .max(10_000, burstAllowed())
    .transform((burst) => ({ burst })),
  reorder: share(100).transform((reorder) => ({ reorder })),
  "reorder-by": delay.transform((reorderByMs) => ({ reorderByMs })),
  bandwidth: bandwidth.transform((bitsPerSecond) => ({ bitsPerSecond })),
  queue: size(mtuBytes, 100_000_000).transform((queueBytes) => ({ queueBytes })),
  outage: outage.transform((outageMs) => ({ outageMs })),
  "outage-every": outage.transform((outageEveryMs) => ({ outageEveryMs })),
};

function burstAllowed(): string {
  return "a mean number of packets from 1 to 10000, such as 4";
}

/**
 * A network by its name, by settings, or by a name and what differs: `4g`, `delay=40ms,loss=1%`,
 * `3g,bandwidth=2Mbit/1Mbit`; of two values with a slash the first is for `down`, the second for `up`.
 * Throws a `BenchError` of one line, before which the setting is to be named.
 */
export function parseNetwork(text: string): NetworkProfile {
  const parts = text.split(",").map((part) => part.trim());
  const [first = "", ...rest] = parts;
  const named = first.includes("=") ? undefined : first;
  const base = named === undefined ? { down: unimpaired, up: unimpaired } : knownNetwork(named);
  const [down, up]: [Given, Given] = [{}, {}];
  const seen = new Set<string>();
  for (const part of named === undefined ? [first, ...rest] : rest) {
    const { name, values } = parseSetting(part);
    if (seen.has(name)) throw usageError(`${name} is given twice`);
    seen.add(name);
    Object.assign(down, values.down);
    Object.assign(up, values.up);
  }
  return { name: parts.join(","), down: applied(base.down, down), up: applied(base.up, up) };
}

function knownNetwork(name: string): { down: DirectionProfile; up: DirectionProfile } {
  const names = Object.keys(networks);
  const known = Object.hasOwn(networks, name) ? networks[name] : undefined;
  if (known !== undefined) return known;
  const list = `known are ${names.join(", ")}, and settings such as delay=40ms,loss=1%`;
  throw usageError(`${JSON.stringify(name)} is unknown; ${nearest(name, names)}${list}`);
}

function parseSetting(part: string): { name: string; values: { down: Given; up: Given } } {
  const [name = "", value, ...more] = part.split("=");
  const names = Object.keys(settings);
  const setting = Object.hasOwn(settings, name) ? settings[name] : undefined;
  if (setting === undefined || value === undefined || more.length > 0) {
    const hint = `${nearest(name, names)}allowed are ${names.join(", ")}, each with =VALUE or =DOWN/UP`;
    throw usageError(`${JSON.stringify(part)} is no setting; ${hint}`);
  }
  const [down = "", up = down, ...others] = value.split("/");
  const parsed = [down, up].map((one) => setting.safeParse(one));
  const [forDown, forUp] = parsed;
  if (others.length > 0 || forDown?.success !== true || forUp?.success !== true) {
    const allowed = parsed.find(({ success }) => !success)?.error?.issues[0]?.message;
    const expected = allowed ?? "one value, or two with a slash between them";
    throw usageError(`${name} must be ${expected}; it is ${JSON.stringify(value)}`);
  }
  return { name, values: { down: forDown.data, up: forUp.data } };
}

function applied(base: DirectionProfile, given: Given): DirectionProfile {
  const { burst, outageMs, outageEveryMs, ...plain } = given;
  const profile = { ...base, ...plain };
  if (burst !== undefined) profile.loss = inBursts(profile.loss, burst);
  const everyMs = outageEveryMs ?? base.outages?.everyMs;
  const forMs = outageMs ?? base.outages?.forMs;
  if (everyMs === undefined && forMs === undefined) return profile;
  if (everyMs === undefined || forMs === undefined) {
    throw usageError("outage and outage-every belong together, as in outage=3s,outage-every=20s");
  }
  if (forMs >= everyMs) throw usageError("an outage must be shorter than outage-every");
  return { ...profile, outages: { everyMs, forMs } };
}

function inBursts(loss: Loss, length: number): Loss {
  if (loss.kind === "random" && loss.probability > 0) {
    const { probability } = loss;
    // From the good state the chain moves with a probability of 1 at most.
    if (probability / (1 - probability) <= length) return burstLoss(probability, length);
  }
  throw usageError(
    `burst needs a random loss, such as loss=2%,burst=4, that bursts of that length can make up`,
  );
}
