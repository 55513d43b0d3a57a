import type { Proxy } from "../proxies/proxy.ts";
import { settingsAgainst } from "./known-proxies.ts";
import type { Asked, Looked } from "./look.ts";
import type { ThroughCure, ThroughFinding } from "./report.ts";
import { timeText } from "./time-text.ts";
import type { Upgraded } from "./upgrade.ts";

/** How long a silent stream lives. */
export function idleFinding(
  { boundMs }: Looked,
  { silent, heartbeats }: Asked,
  named: readonly Proxy[],
): ThroughFinding {
  const what = { key: "cut" as const, title: "silent streams" };
  if (silent.ms === null) return { ...what, status: "unknown", found: silent.how, cures: [] };
  if (!silent.isCut) {
    const found = `live ${timeText(boundMs)} at least: longer wasn't tried (--bound)`;
    return { ...what, status: "good", found, cures: [] };
  }
  return {
    ...what,
    status: "bad",
    found: `are cut after ${timeText(silent.ms)} (${silent.how})`,
    cures: [
      ...heartbeats.map(({ everyMs, isKept }) => heartbeatCure(everyMs, isKept)),
      ...settingsAgainst("cut", named),
    ].toSorted((a, b) => Number(b.helped === true) - Number(a.helped === true)),
  };
}

function heartbeatCure(everyMs: number, isKept: boolean): ThroughCure {
  return {
    what: `an event or a comment every ${timeText(everyMs)}`,
    by: "application",
    helped: isKept,
    source: null,
  };
}

/** Whether WebSockets get through. */
export function upgradeFinding(
  { head, failure, reachedServer, wasTold, silence }: Upgraded,
  boundMs: number,
  named: readonly Proxy[],
): ThroughFinding {
  const what = { key: "upgrade" as const, title: "WebSocket" };
  if (head?.status === 101 && wasTold) {
    const found =
      "is opened; the server isn't silent, so whether silent ones are cut can't be told";
    return { ...what, status: "good", found, cures: [] };
  }
  if (head?.status === 101) {
    const lives =
      silence === null
        ? `silent ones live ${timeText(boundMs)} at least`
        : `silent ones are cut after ${timeText(silence.ms)}`;
    return {
      ...what,
      status: silence === null ? "good" : "limited",
      found: `is opened; ${lives}`,
      cures: silence === null ? [] : [pings, ...settingsAgainst("cut", named)],
    };
  }
  if (head === null) {
    return { ...what, status: "unknown", found: failure ?? "no answer", cures: [] };
  }
  const answer = `${head.status} ${head.reason}`.trim();
  if (reachedServer === true) {
    const found = `the server is asked for one, and answers ${answer}: what is in between passes that on`;
    return { ...what, status: "good", found, cures: [] };
  }
  return {
    ...what,
    status: reachedServer === null ? "unknown" : "bad",
    found:
      reachedServer === null
        ? `refused with ${answer}: whether by the server can't be told`
        : `isn't asked for at the server, which answered ${answer}: something in between has left out Upgrade`,
    cures: settingsAgainst("refused", named),
  };
}

const pings: ThroughCure = {
  what: "pings of the server, more often than that",
  by: "application",
  helped: null,
  source: null,
};
