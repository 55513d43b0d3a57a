import { usageError } from "../errors/errors.ts";
import { versionIn } from "../files/package-files.ts";
import type { RunSchedule } from "../plan/schedule.ts";
import type { Elsewhere } from "../run/host.ts";
import { asFlag } from "../settings/naming.ts";
import type { Naming } from "../settings/naming.ts";
import { isForRelay } from "../settings/relay-profile.ts";
import { usingRedis } from "../workers/redis.ts";
import { readToken } from "../workers/token.ts";
import { WorkerHosts } from "../workers/worker-hosts.ts";
import { WorkerPool } from "../workers/worker-pool.ts";

/** Where workers are found, and what they let in: flags as they were given. */
export interface WorkerFlags {
  readonly on?: string | undefined;
  readonly tokenFile?: string | undefined;
}

/**
 * Finds the workers for a run; null where it is played on this machine. Throws a `BenchError` where workers can't play
 * it, by the names that `naming` has for what was asked for.
 */
export async function workersOn(
  { on: url, tokenFile }: WorkerFlags,
  { config, plan }: RunSchedule,
  naming: Naming,
): Promise<(Elsewhere & AsyncDisposable) | null> {
  if (url === undefined) {
    if (tokenFile === undefined) return null;
    throw usageError(`${asFlag("tokenFile")}: only for runs with ${asFlag("on")}`);
  }
  const setting = asFlag("on");
  const { netns, network, scenarios, balance, variants } = config;
  const needsNamespaces =
    netns ||
    (network !== null && !isForRelay(network)) ||
    scenarios.some(({ usesNetwork }) => usesNetwork === "packets");
  if (needsNamespaces) {
    throw usageError(`${setting}: networks in namespaces are of one machine; leave them out`);
  }
  if (balance !== "none") {
    throw usageError(
      `${setting} and ${asFlag("balance")} exclude each other: a balancer knows clients by addresses of their own, which those of a worker don't have`,
    );
  }
  const fronted = variants.find(({ bound }) => bound.layers.proxy !== undefined);
  if (fronted !== undefined) {
    throw usageError(
      `${setting}: ${fronted.name} goes through a program of this machine; leave it out`,
    );
  }
  const token = readToken(tokenFile, asFlag("tokenFile"));
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const pool = await usingRedis(url, setting, (redis) =>
    WorkerPool.open(redis, setting, versionIn(), token, say),
  );
  try {
    const hosts = new WorkerHosts(pool, setting);
    await hosts.check(plan, naming);
    return {
      hostsFor: (trial) => hosts.of(trial),
      played: () => hosts.played,
      [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
    };
  } catch (error) {
    await pool[Symbol.asyncDispose]();
    throw error;
  }
}
