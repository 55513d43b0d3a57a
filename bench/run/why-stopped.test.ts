import { describe, expect, it } from "vitest";
import { byKernel, stoppedBy } from "./why-stopped.ts";
import type { KernelLimit } from "../machine/kernel-limits.ts";

const tracked = (used: number): KernelLimit[] => [
  { name: "tracked connections", used, most: 262_144, each: 1, setting: "sysctl -w such" },
];

describe("what stopped the next client", () => {
  it.each([
    ["status 503", "server", "the server answered with something unexpected: status 503"],
    [
      "the server allows 100 streams on a session",
      "server",
      "the server allows 100 streams on a session",
    ],
    [
      "EADDRNOTAVAIL",
      "client",
      "no ephemeral port is left for the server's address (net.ipv4.ip_local_port_range)",
    ],
    ["EPERM", "client", "connecting failed with EPERM"],
  ])("is told of %s", (cause, side, explanation) => {
    expect(stoppedBy(cause)).toEqual({ cause, side, explanation });
  });

  it("is a limit of the machine where that is used up, and could be behind it", () => {
    expect(byKernel("ETIMEDOUT", tracked(262_100))).toEqual({
      side: "client",
      cause: "ETIMEDOUT",
      explanation:
        "the machine is at its limit of tracked connections: 262 100 of 262 144; sysctl -w such",
    });
    expect(byKernel("ETIMEDOUT", tracked(200_000))).toBeNull();
    expect(byKernel("status 503", tracked(262_100))).toBeNull();
  });
});
