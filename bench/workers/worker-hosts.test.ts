import { describe, expect, it } from "vitest";
import type { WorkerRecord } from "./messages.ts";
import { placementOf } from "./worker-hosts.ts";

function workersFor(
  roles: Readonly<Record<string, WorkerRecord["role"]>>,
): ReadonlyMap<string, Pick<WorkerRecord, "role">> {
  return new Map(Object.entries(roles).map(([name, role]) => [name, { role }]));
}

describe("servers and clients are placed", () => {
  it.each([
    ["on the one machine that there is", { a: "both" }, 1, ["a"], ["a"]],
    ["apart where there are two", { a: "both", b: "both" }, 1, ["a"], ["b"]],
    ["on half of the machines at most", { a: "both", b: "both", c: "both" }, 9, ["a", "b"], ["c"]],
    ["by what machines are for", { a: "clients", b: "servers" }, 2, ["b"], ["a"]],
    ["on those for both beside", { a: "servers", b: "both", c: "clients" }, 1, ["a"], ["c", "b"]],
    ["on one for both where nobody else serves", { a: "clients", b: "both" }, 1, ["b"], ["a"]],
  ] as const)("%s", (_, roles, servers, atServers, atClients) => {
    expect(placementOf(workersFor(roles), servers, "--on")).toEqual({
      servers: atServers,
      clients: atClients,
    });
  });

  it("nowhere where nobody is for one of them", () => {
    expect(() => placementOf(workersFor({ a: "clients" }), 1, "--on")).toThrow(
      "--on: no worker is there that runs servers",
    );
    expect(() => placementOf(workersFor({ a: "servers" }), 1, "--on")).toThrow(
      "--on: no worker is there that runs clients",
    );
  });
});
