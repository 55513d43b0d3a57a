import { usageError } from "../errors/errors.ts";
import { versionIn } from "../files/package-files.ts";
import type { Elsewhere } from "../run/host.ts";
import type { Config } from "../settings/config.ts";
import { asFlag } from "../settings/naming.ts";
import { isForRelay } from "../settings/relay-profile.ts";
import { usingRedis } from "../workers/redis.ts";
import { readToken } from "../workers/token.ts";
import { WorkerHosts } from "../workers/worker-hosts.ts";
import { WorkerPool } from "../workers/worker-pool.ts";

/** Finds the workers at a Redis, for a run with this config; throws a `BenchError` where it can't be played on them. */
export async function workersOn(
  url: string,
  tokenFile: string | undefined,
  { netns, network, scenarios }: Config,
): Promise<Elsewhere & AsyncDisposable> {
  const setting = asFlag("on");
  const needsNamespaces =
    netns ||
    (network !== null && !isForRelay(network)) ||
    scenarios.some(({ usesNetwork }) => usesNetwork === "packets");
  if (needsNamespaces) {
    throw usageError(`${setting}: networks in namespaces are of one machine; leave them out`);
  }
  const token = readToken(tokenFile, asFlag("tokenFile"));
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const pool = await usingRedis(url, setting, (redis) =>
    WorkerPool.open(redis, setting, versionIn(), token, say),
  );
  const hosts = new WorkerHosts(pool, setting);
  return {
    hostsFor: (trial) => hosts.of(trial),
    played: () => hosts.played,
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}
