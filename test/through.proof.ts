import { describe, expect, it } from "vitest";
import { findProgram } from "../bench/machine/find-program.ts";
import { proxyProgram } from "../bench/programs/proxy-program.ts";
import { RunningProgram } from "../bench/programs/running-program.ts";
import { isForward } from "../bench/proxies/define-proxy.ts";
import { proxies } from "../bench/proxies/index.ts";
import type { Proxy } from "../bench/proxies/proxy.ts";
import { look } from "../bench/through/look.ts";
import { reportOf } from "../bench/through/report-of.ts";
import { throughSchema } from "../bench/through/report.ts";
import type { Through, ThroughFinding } from "../bench/through/report.ts";
import { isMissing } from "./requirements.ts";
import { AnsweringEnd, endpointOn } from "./through-endpoint.ts";

// What doctor --through says of each program, as it is installed and corrected.

const boundMs = 1_500;

async function reportThrough(proxy: Proxy, configuration: string): Promise<Through> {
  await using end = await AnsweringEnd.open();
  const fronting = { servers: [end.address], reads: "http", connections: 100 } as const;
  const program = proxyProgram(proxy, configuration);
  await using running = await RunningProgram.start(program, "server", { fronting });
  const endpoint = endpointOn(running.place.port);
  return throughSchema.parse(reportOf(endpoint, await look(endpoint, boundMs)));
}

function statuses({ findings }: Through): Partial<Record<ThroughFinding["key"], string>> {
  return Object.fromEntries(findings.map(({ key, status }) => [key, status]));
}

/** By default: whether events are gathered, and a WebSocket is opened. */
const byDefault: Readonly<Record<string, Partial<Record<ThroughFinding["key"], string>>>> = {
  nginx: { buffered: "bad", upgrade: "bad" },
  haproxy: { buffered: "bad", upgrade: "good" },
  caddy: { buffered: "good", upgrade: "good" },
  apache: { buffered: "good", upgrade: "bad" },
  varnish: { buffered: "good", upgrade: "bad" },
  squid: { buffered: "good", upgrade: "bad" },
  nghttpx: { buffered: "good", upgrade: "good" },
  h2o: { head: "limited", buffered: "good", upgrade: "bad" },
};

describe.each(proxies.filter((proxy) => !isForward(proxy)))("$name", (proxy) => {
  const { name, command = name, debianPackage } = proxy;
  const program = {
    what: debianPackage,
    isMet: () => findProgram(command, process.env["PATH"] ?? "") !== null,
    isOfTheMachine: true,
  } as const;

  it.skipIf(isMissing(program))("is told by default, with what cures it", async () => {
    const report = await reportThrough(proxy, "default");
    expect(statuses(report)).toMatchObject(byDefault[name] ?? {});
  });

  it.skipIf(isMissing(program))("has nothing found when it is corrected", async () => {
    const report = await reportThrough(proxy, "corrected");
    expect(statuses(report)).toMatchObject({
      buffered: "good",
      compressed: "good",
      cut: "good",
      upgrade: "good",
    });
  });
});
