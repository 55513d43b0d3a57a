import { expect, it } from "vitest";
import { addressOfClient } from "./client-address.ts";

it("gives each client a loopback address of its own", () => {
  expect([0, 1, 255, 256].map(addressOfClient)).toEqual([
    "127.1.0.1",
    "127.1.1.1",
    "127.1.255.1",
    "127.2.0.1",
  ]);
  const all = Array.from({ length: 60_000 }, (_, number) => addressOfClient(number));
  expect(new Set(all).size).toBe(60_000);
  expect(addressOfClient(65_023)).toBe("127.254.255.1");
  // A server's are others.
  expect(addressOfClient(65_024)).toBe("127.1.0.1");
});

it.each([2, 3, 4, 14, 64])("spreads them evenly over %i servers by ip_hash", (servers) => {
  const clients = 256 * servers;
  const counts = Array.from({ length: servers }, () => 0);
  for (let number = 0; number < clients; number += 1) {
    // ngx_http_upstream_ip_hash_module.c
    const hash = addressOfClient(number)
      .split(".")
      .slice(0, 3)
      .reduce((sum, octet) => (sum * 113 + Number(octet)) % 6_271, 89);
    counts[hash % servers] = (counts[hash % servers] ?? 0) + 1;
  }
  expect(Math.max(...counts)).toBeLessThan(1.15 * 256);
  expect(Math.min(...counts)).toBeGreaterThan(0.85 * 256);
});
