import { setTimeout } from "node:timers/promises";
import type { Queue, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { codeOf, usageError } from "../errors/errors.ts";
import { withoutSecrets } from "../errors/secrets.ts";
import { leaseMs } from "./leases.ts";
import { isInstalled, packageUrl } from "../../transports/optional-packages.ts";

const allowed = "redis://host:port or rediss://host:port";

/** Where the password is looked for that the URL has none of: all users of a machine see command lines. */
const passwordVariable = "TRANSPORT_BENCH_REDIS_PASSWORD";

/** How long Redis may take to be reached at first, in milliseconds. */
const connectMs = 5_000;

/** Connects to the Redis that `setting` names, such as `--on`; throws a `BenchError` where there is none. */
async function connectRedis(url: string, setting: string): Promise<Redis> {
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
    throw usageError(`${setting}: "${withoutSecrets(url)}" is not ${allowed}`);
  }
  const { Redis } = await packages(setting);
  // Jobs are waited for without a limit; who needs one has a lease.
  const password = process.env[passwordVariable];
  const redis = new Redis(url, {
    ...(password !== undefined && { password }),
    lazyConnect: true,
    connectTimeout: connectMs,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (isThere ? Math.min(times * 50, 1_000) : null),
  });
  let isThere = false;
  let why: unknown = null;
  redis.on("error", (error) => (why = error));
  try {
    await redis.connect();
    await redis.ping();
    isThere = true;
    return redis;
  } catch (error) {
    redis.disconnect();
    const reason = codeOf(why) ?? (error instanceof Error ? error.message : String(error));
    if (/\b(NOAUTH|WRONGPASS)\b/.test(reason)) {
      throw usageError(
        `${setting}: ${withoutSecrets(url)} wants ${reason.includes("NOAUTH") ? "a" : "another"} password: set ${passwordVariable}`,
      );
    }
    throw usageError(`${setting}: no Redis answers at ${withoutSecrets(url)} (${reason})`);
  }
}

/** What `use` makes of a connection to Redis, which is closed where it can't: open, it keeps this process. */
export async function usingRedis<T>(
  url: string,
  setting: string,
  use: (redis: Redis) => Promise<T>,
): Promise<T> {
  const redis = await connectRedis(url, setting);
  try {
    return await use(redis);
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

/**
 * Waits for what Redis is told at an end, but no longer than a lease lasts: a Redis that keeps its connections and
 * answers nothing would be waited for without a limit, and leases that it isn't told of end by themselves.
 */
export async function whileItMatters(told: Promise<unknown>): Promise<void> {
  const isOver = new AbortController();
  const { signal } = isOver;
  try {
    await Promise.race([told, setTimeout(leaseMs, null, { signal })]);
  } catch {
    // Nobody is told any more.
  } finally {
    isOver.abort();
  }
}

/** What is needed of packages for runs on several machines. */
interface Packages {
  readonly Redis: typeof Redis;
  readonly Queue: typeof Queue;
  readonly JobWorker: typeof Worker;
}

/** Throws a `BenchError` where what only such runs need isn't installed. */
export async function packages(setting = "--redis"): Promise<Packages> {
  if (!isInstalled("bullmq")) {
    throw usageError(`${setting} needs a package that is not here: npm install bullmq`);
  }
  const redis: typeof import("ioredis") = await import(packageUrl("ioredis"));
  const bullmq: typeof import("bullmq") = await import(packageUrl("bullmq"));
  return { Redis: redis.Redis, Queue: bullmq.Queue, JobWorker: bullmq.Worker };
}
