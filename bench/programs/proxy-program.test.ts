import { expect, it } from "vitest";
import { haproxy } from "../proxies/haproxy.ts";
import { squid } from "../proxies/squid.ts";
import { varnish } from "../proxies/varnish.ts";
import type { Fronting } from "./program.ts";
import { proxyProgram } from "./proxy-program.ts";

const place = { host: "127.0.0.1", port: 20_000, folder: "/tmp/own" };
const fronting: Fronting = {
  servers: [{ host: "127.0.0.2", port: 10_001 }],
  reads: "http",
  connections: 10,
};
const identity = { key: "a key", certificate: "a certificate" };

it("writes the configuration that was chosen, filled in", () => {
  const plain = proxyProgram(haproxy, "default").filesFor?.(place, { fronting });
  expect(plain?.["haproxy.cfg"]).toContain("bind 127.0.0.1:20000\n");
  expect(plain?.["haproxy.cfg"]).toContain("server server 127.0.0.2:10001\n");
  expect(plain?.["haproxy.cfg"]).not.toContain("http-no-delay");
  const corrected = proxyProgram(haproxy, "corrected").filesFor?.(place, { fronting });
  expect(corrected?.["haproxy.cfg"]).toContain("option http-no-delay\n");
});

it("names files of PEM to those who end TLS, and writes none", () => {
  const options = { fronting: { ...fronting, identity } };
  const files = proxyProgram(haproxy, "default").filesFor?.(place, options) ?? {};
  expect(files["haproxy.cfg"]).toContain("ssl crt /tmp/own/certificate-and-key.pem alpn h2,");
  expect(Object.keys(files)).toEqual(["haproxy.cfg"]);
});

it("has the arguments of its configuration, and knows what it leaves", async () => {
  const corrected = await proxyProgram(varnish, "corrected").argumentsFor(place, { fronting });
  expect(corrected).toContain("127.0.0.1:20000");
  expect(corrected.slice(-2)).toEqual(["-p", "pipe_timeout=3600"]);
  const squids = proxyProgram(squid, "default");
  expect(squids.leavesAt?.(place, { fronting })).toContain("/dev/shm/bench20000-cf__queues.shm");
});

it("isn't started for what it can't do", () => {
  const files = (more: Partial<Fronting>, proxy = varnish) =>
    proxyProgram(proxy, "default").filesFor?.(place, { fronting: { ...fronting, ...more } });
  expect(() => files({ identity })).toThrow("varnish doesn't speak TLS");
  expect(() => files({ servers: [] })).toThrow("varnish passes on to one server");
  expect(() => files({ reads: "bytes" })).toThrow("varnish reads HTTP");
  expect(() => proxyProgram(varnish, "fast")).toThrow(
    'varnish has no configuration "fast": there is default, corrected',
  );
});

it("knows everywhere where it listens and what it passes on to", () => {
  const program = proxyProgram(
    {
      ...varnish,
      environment: { LISTEN: "{{listen}}" },
      leaves: ["/tmp/{{port}}"],
      reload: { command: "sh", arguments: ["{{host}}:{{port}}", "{{serverPort}}"] },
    },
    "default",
  );
  const options = { fronting };
  expect(program.environmentFor?.(place, options)).toEqual({ LISTEN: "127.0.0.1:20000" });
  expect(program.leavesAt?.(place, options)).toEqual(["/tmp/20000"]);
  expect(program.reloadFor?.(place, options)).toMatchObject({
    arguments: ["127.0.0.1:20000", "10001"],
  });
});

it("says why it can't be reloaded", () => {
  const program = proxyProgram(
    { ...varnish, reload: { impossible: "it has to be restarted" } },
    "default",
  );
  expect(() => program.reloadFor?.(place, { fronting })).toThrow("varnish: it has to be restarted");
});
