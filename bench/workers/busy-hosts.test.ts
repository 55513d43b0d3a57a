import { expect, it } from "vitest";
import { resourcesOf } from "../../test/results-fixture.ts";
import { BusyHosts } from "./busy-hosts.ts";
import type { Busy } from "./busy.ts";
import type { WorkerPool } from "./worker-pool.ts";

/** Hosts that tell these one after the other, in ticks of 10 ms. */
function poolOf(told: Readonly<Record<string, readonly Busy[]>>): Pick<WorkerPool, "hostOf"> {
  const left = new Map(Object.entries(told).map(([name, all]) => [name, [...all]]));
  return {
    hostOf: (name) => ({
      name,
      ended: new Promise(() => {}),
      call: async () => left.get(name)?.shift() as never,
      async [Symbol.asyncDispose]() {},
    }),
  };
}

const at = (boot: string, processes: number): Busy => ({
  boot,
  ticks: { total: 1_000, processes, steal: 0 },
});

const server = resourcesOf({ process: "server", host: "north", cpuMs: 100, waitedMs: 5 });
const load = resourcesOf({ process: "load", host: "south", cpuMs: 300, waitedMs: 900 });

it("tells what others take on the machine of who has waited longest", async () => {
  const pool = poolOf({
    north: [at("one", 0), at("one", 500)],
    south: [at("other", 100), at("other", 200)],
  });
  const hosts = new BusyHosts(pool, ["north", "south"]);
  await hosts.begin();
  expect(await hosts.othersCpuMs([server, load])).toBe(1_000 - 300);
});

it("doesn't take one worker's processes for others beside another's on the same machine", async () => {
  const pool = poolOf({ north: [at("one", 0)], south: [at("one", 0), at("one", 50)] });
  const hosts = new BusyHosts(pool, ["north", "south"]);
  await hosts.begin();
  expect(await hosts.othersCpuMs([server, load])).toBe(500 - 400);
});

it("knows nothing where the server isn't known", async () => {
  const hosts = new BusyHosts(poolOf({ south: [at("one", 0)] }), ["south"]);
  await hosts.begin();
  expect(await hosts.othersCpuMs([load])).toBeNull();
});
