import { describe, expect, it } from "vitest";
import { asFlag } from "./naming.ts";
import { parseSettings, resolveConfig } from "./config.ts";
import { workloadText } from "../plan/plan.ts";

const config = (settings: object): ReturnType<typeof resolveConfig> =>
  resolveConfig(parseSettings(settings, asFlag, "bench run"), asFlag, 1);

describe.skipIf(process.platform !== "linux")("a balancer in front of servers", () => {
  it("is part of the workload, with one server, too", () => {
    const balanced = config({ balance: "nginx", scenarios: "latency" });
    const [latency] = balanced.scenarios;
    if (latency === undefined) throw new Error("no scenario");
    expect(workloadText(latency, balanced)).toMatch(/, 1 server behind nginx$/);
    const several = config({ balance: "haproxy", servers: "3", scenarios: "latency" });
    expect(workloadText(latency, several)).toMatch(/, 3 servers with bus none behind haproxy$/);
  });

  it("is in front of what can be played through it, where nothing is named", () => {
    const names = config({ balance: "haproxy" }).scenarios.map(({ name }) => name);
    expect(names).toEqual(["latency", "echo", "overhead"]);
  });

  it("is left to others, where nginx can't read the reference", () => {
    const only = { scenarios: "latency" };
    expect(config({ ...only, balance: "haproxy" }).variants.some((one) => one.reference)).toBe(
      true,
    );
    expect(config({ ...only, balance: "nginx" }).variants.some((one) => one.reference)).toBe(false);
  });

  it.each([
    [{ balance: "apache" }, '--balance: "apache" is not one of none, nginx, haproxy'],
    [{ netns: true }, "--balance and --netns exclude each other"],
    [{ network: "4g" }, "--balance and --network exclude each other"],
    [{ scenarios: "lossy" }, "--balance: lossy is played in namespaces"],
    [{ scenarios: "connections" }, "--balance: connections looks for what servers hold"],
    [{ scenarios: "guards" }, "--balance: guards tries the limits of servers"],
    [
      { transports: "sse+tls" },
      "--balance nginx passes on HTTP/1.1 without TLS, and sse+tls isn't that",
    ],
    [
      { transports: "sse+perAddress=9" },
      "--balance: servers see the balancer's address only, and sse+perAddress=9 limits its connections",
    ],
    [{ transports: "tcp" }, "and tcp isn't that"],
    [{ transports: "sse+h2c" }, "and sse+h2c isn't that"],
  ])("refuses %j", (settings, why) => {
    expect(() => config({ balance: "nginx", scenarios: "latency", ...settings })).toThrow(why);
  });

  it("passes on what is behind a relay, and by haproxy what it can't read", () => {
    expect(config({ balance: "nginx", scenarios: "storm", network: "relay:4g" }).balance).toBe(
      "nginx",
    );
    const transports = "tcp,sse+tls,sse+h2c";
    expect(config({ balance: "haproxy", scenarios: "latency", transports }).variants).toHaveLength(
      3,
    );
  });
});
