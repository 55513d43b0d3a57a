import { expect, it } from "vitest";
import { phaseOf, resourcesOf } from "../../test/results-fixture.ts";
import { balancerFigures } from "./balancer-figures.ts";

const balancer = { program: "nginx 1.22.1", reads: "http", servers: 2 } as const;
const used = resourcesOf({ process: "balancer", cpuMs: 4, turningMs: 0, rssBytes: 16_400_000 });

it("says what a balancer used, and how evenly it spread deliveries", () => {
  const phases = [
    phaseOf({ resources: [used], balancer: { ...balancer, deliveredBytes: [300, 100] } }),
    phaseOf({ resources: [used], balancer: { ...balancer, deliveredBytes: [300, 300] } }),
    phaseOf({ measured: false, balancer: { ...balancer, deliveredBytes: [9, 0] } }),
  ];
  const figures = balancerFigures(phases);
  expect(new Set(figures.map(({ table }) => table))).toEqual(
    new Set(["what nginx 1.22.1 did in front of 2 servers"]),
  );
  expect(Object.fromEntries(figures.map(({ key, value }) => [key, value]))).toEqual({
    "balancer.cpu": 100,
    "balancer.memory": 16,
    "balancer.busiest": 60,
  });
});

it("says that it hasn't read what it passed on", () => {
  const passed = phaseOf({ balancer: { ...balancer, reads: "bytes", deliveredBytes: [1, 1] } });
  for (const { note } of balancerFigures([passed])) {
    expect(note).toBe("bytes are passed on without being read");
  }
});

it("says nothing of what isn't known, or where nothing stands in front of servers", () => {
  expect(balancerFigures([phaseOf()])).toEqual([]);
  const unknown = phaseOf({ balancer: { ...balancer, deliveredBytes: null } });
  const values = balancerFigures([unknown]).map(({ value }) => value);
  expect(values).toEqual([null, null, null]);
});
