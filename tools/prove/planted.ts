import { StreamRelay } from "../../bench/network/stream-relay.ts";
import { proxyProgram } from "../../bench/programs/proxy-program.ts";
import { RunningProgram } from "../../bench/programs/running-program.ts";
import type { Proxy } from "../../bench/proxies/proxy.ts";
import { answeringPath } from "../../bench/through/answering-end.ts";
import { passedOn } from "../../bench/settings/relay-profile.ts";
import type { RelayProfile } from "../../bench/settings/relay-profile.ts";

/** What is planted. */
export const planted = { hold: { bytes: 4_096, forMs: 500 }, idleTimeoutMs: 7_000 } as const;

const host = "127.0.0.1";

type Address = { readonly host: string; readonly port: number };

function relayTo(server: Address, isPlanted: boolean): Promise<StreamRelay> {
  const down = isPlanted ? { ...passedOn, ...planted } : passedOn;
  const profile: RelayProfile = { name: "planted", down, up: passedOn, notPlayed: [] };
  return StreamRelay.open([host], [server], 1, profile);
}

/**
 * Calls `body` with two URLs of a server behind a transparent proxy: a relay stands behind that one, and in front of it,
 * which does harm or none.
 */
export async function throughChains<T>(
  proxy: Proxy,
  server: Address,
  isPlanted: boolean,
  body: (urls: readonly URL[]) => Promise<T>,
): Promise<T> {
  const start = (behind: Address): Promise<RunningProgram> =>
    RunningProgram.start(proxyProgram(proxy, "corrected"), "server", {
      fronting: { servers: [behind], reads: "http", connections: 1_000 },
    });
  await using behind = await relayTo(server, isPlanted);
  await using before = await start({ host, port: behind.port });
  await using direct = await start(server);
  await using front = await relayTo(direct.place, isPlanted);
  const ports = [before.place.port, front.port];
  return await body(ports.map((port) => new URL(`http://${host}:${port}${answeringPath}`)));
}
