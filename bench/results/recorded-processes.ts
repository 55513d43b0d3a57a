import * as z from "zod";
import { name, number } from "./texts.ts";

const count = z.int().min(0);
const text = z.string();

/** Where a process ran, by the name of its host; left out where there is one machine, and of the director. */
const onHost = { host: name.optional() };

/** Fields that can't be seen from outside are null for processes that aren't the harness's own. */
export const resources = z.strictObject({
  /**
   * `publisher` sends the messages where the server is the user's own, `broker` is one that was started for a bus, and
   * `balancer` or `proxy` one that stands in front of servers; `browser` is one whose pages hold clients.
   */
  process: z.enum([
    "server",
    "publisher",
    "load",
    "canary",
    "network",
    "intruders",
    "probe",
    "asker",
    "broker",
    "balancer",
    "proxy",
    "browser",
  ]),
  ...onHost,
  durationMs: number,
  /** User and system time, including `turningMs`. */
  cpuMs: number,
  /** The part of `cpuMs` that the kernel took for it; left out where that wasn't looked up. */
  systemMs: number.optional(),
  /** How long a pacer busy-waited, its event loop turning, until messages were due: no work. */
  turningMs: number,
  /** The part of `cpuMs` that the busiest thread used: the event loop's, where there is one. */
  busiestThreadMs: number.nullable(),
  /** Processors' worth of time that it may use: those it may run on, within its control group's limit. */
  cores: number.nullable(),
  /** How long the busiest thread was ready to run while others had the processors. */
  waitedMs: number.nullable(),
  /** Event-loop utilisation without busy-waiting, 0 to 1. */
  utilisation: number.nullable(),
  /** `utilisation` in the busiest second. */
  busiestSecond: number.nullable(),
  /** The share of its host's processor time that the hypervisor gave to others, 0 to 1. */
  stealShare: number.nullable(),
  /** How long its cgroup's limit kept it, or another process of the group, from running. */
  throttledMs: number.nullable(),
  rssBytes: count.nullable(),
  heapBytes: count.nullable(),
  gcMs: number.nullable(),
  gcLongestMs: number.nullable(),
  gcCount: count.nullable(),
  loopDelayP99Ms: number.nullable(),
  loopDelayMaxMs: number.nullable(),
});

/**
 * How long a process of the harness neither worked nor read its clock: a stall, whose keys here say "stand still".
 */
export const stall = z.strictObject({
  /** `server`, `load 1`, `canary`, `publisher` or `director`. */
  process: text,
  ...onHost,
  /** The longest such time: about 25 ms, the interval at which it reads the clock, where nothing disturbed it. */
  longestMs: number,
  /** `longestMs` less the time spent waiting for a processor that others had. */
  stoppedMs: number,
});

export type Resources = z.infer<typeof resources>;
export type ProcessStall = z.infer<typeof stall>;
