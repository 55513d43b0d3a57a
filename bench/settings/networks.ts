import { burstLoss } from "./packet-loss.ts";
import type { Loss } from "./packet-loss.ts";
import { unimpaired } from "./network-profile.ts";
import type { DirectionProfile } from "./network-profile.ts";
import { passedOn } from "./relay-profile.ts";
import type { RelayDirection } from "./relay-profile.ts";

interface KnownNetwork {
  /** Where its numbers are from; what isn't named there is this project's choice. */
  readonly source: string;
  readonly down: DirectionProfile;
  readonly up: DirectionProfile;
}

const random = (probability: number): Loss => ({ kind: "random", probability });

const lan = { ...unimpaired, delayMs: 0.1, bitsPerSecond: 1e9 };

const wifi = {
  ...unimpaired,
  delayMs: 1,
  jitterMs: 1,
  jitterShape: "exponential",
  loss: burstLoss(0.001, 3),
  queueBytes: 256_000,
} as const;

const cellular = {
  ...unimpaired,
  delayMs: 85,
  jitterShape: "exponential",
  loss: random(0.002),
  bitsPerSecond: 9e6,
  queueBytes: 256_000,
} as const;

const cellularDown = { ...cellular, jitterMs: 5 };
const cellularUp = { ...cellular, jitterMs: 15 };

const umts = {
  ...unimpaired,
  delayMs: 150,
  jitterMs: 50,
  loss: random(0.005),
  queueBytes: 128_000,
} as const;

const satellite = { ...unimpaired, delayMs: 280, loss: random(0.001) };

const outages = { everyMs: 20_000, forMs: 3_000 };
const underway = { loss: burstLoss(0.01, 5), outages };

/** Networks by name. */
export const networks: Readonly<Record<string, KnownNetwork>> = {
  lan: { source: "IEEE 802.3ab (bandwidth)", down: lan, up: lan },
  wifi: {
    source: "Firefox's throttling profile Wi-Fi (bandwidth, delay)",
    down: { ...wifi, bitsPerSecond: 30e6 },
    up: { ...wifi, bitsPerSecond: 15e6 },
  },
  "4g": {
    source: "sitespeed.io throttle 4g (bandwidth, delay); Loadero 4G (loss, mean jitter)",
    down: cellularDown,
    up: cellularUp,
  },
  "3g": {
    source: "sitespeed.io throttle 3g (bandwidth, delay); Loadero 3G (loss, mean jitter)",
    down: { ...umts, bitsPerSecond: 1.6e6 },
    up: { ...umts, bitsPerSecond: 768e3 },
  },
  satellite: {
    source: "RFC 2488, section 2 (delay of a geostationary hop at its coverage's edge, rounded)",
    down: { ...satellite, bitsPerSecond: 20e6 },
    up: { ...satellite, bitsPerSecond: 3e6, queueBytes: 256_000 },
  },
  train: {
    source: "4g (bandwidth, delay, jitter)",
    down: { ...cellularDown, ...underway },
    up: { ...cellularUp, ...underway },
  },
};

interface KnownRelayNetwork {
  readonly source: string;
  readonly down: RelayDirection;
  readonly up: RelayDirection;
}

const proxied = { ...passedOn, delayMs: 5 };

/** Networks by name that only a relay of TCP connections can play. */
export const relayNetworks: Readonly<Record<string, KnownRelayNetwork>> = {
  "corporate-proxy": {
    source: "nginx's defaults: proxy_buffer_size (bytes held), proxy_read_timeout (idle time-out)",
    down: { ...proxied, hold: { bytes: 4_096, forMs: 100 }, idleTimeoutMs: 60_000 },
    up: proxied,
  },
};
