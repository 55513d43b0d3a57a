import { describe, expect, it, onTestFinished, vi } from "vitest";
import { isForward } from "../proxies/define-proxy.ts";
import { proxies } from "../proxies/index.ts";
import { parseSettings, resolveConfig } from "./config.ts";
import { asFlag } from "./naming.ts";
import { atServer, proxyOf, variantsThrough } from "./proxies.ts";
import { behindProxy, parseVariant } from "./variant.ts";

const config = (settings: object): ReturnType<typeof resolveConfig> =>
  resolveConfig(parseSettings(settings, asFlag, "bench run"), asFlag, 1);

const allThere = (): null => null;

function through(
  texts: readonly string[],
  named: readonly string[],
  isOnlyThrough = false,
  whyMissing: (proxy: { readonly name: string }) => string | null = allThere,
): { names: string[]; leftOut: readonly string[] } {
  const { variants, leftOut } = variantsThrough(
    texts.map(parseVariant),
    named,
    isOnlyThrough,
    whyMissing,
  );
  return { names: variants.map(({ name }) => name), leftOut };
}

describe("variants through proxies", () => {
  it("are each by itself, as the distribution has a proxy and as it should be", () => {
    expect(through(["sse", "websocket@5s"], ["nginx"]).names).toEqual([
      "sse",
      "sse+proxy=nginx",
      "sse+proxy=nginx:corrected",
      "websocket@5s",
      "websocket@5s+proxy=nginx",
      "websocket@5s+proxy=nginx:corrected",
    ]);
  });

  it("are none by themselves where a scenario needs a proxy, and in one configuration where that is named", () => {
    expect(through(["sse"], ["nginx:corrected", "haproxy:default"], true).names).toEqual([
      "sse+proxy=nginx:corrected",
      "sse+proxy=haproxy",
    ]);
  });

  it("are left as they are where they say what they go through", () => {
    expect(through(["sse+proxy=caddy"], ["nginx"], true).names).toEqual(["sse+proxy=caddy"]);
  });

  it("leave out what isn't installed, and what isn't HTTP, in a sentence each", () => {
    const { names, leftOut } = through(["sse", "tcp"], ["nginx", "haproxy"], true, ({ name }) =>
      name === "nginx" ? "nginx not found" : null,
    );
    expect(names).toEqual(["sse+proxy=haproxy", "sse+proxy=haproxy:corrected"]);
    // Nobody has asked for the reference through a proxy.
    expect(leftOut).toEqual(["nginx not found"]);
    expect(() => through(["sse"], ["nginx"], true, () => "nginx not found")).toThrow(
      "nginx not found",
    );
  });

  it("are left out with a reason, also where only the reference is asked for", () => {
    expect(() => through(["tcp"], ["nginx"], true)).toThrow("tcp isn't HTTP");
  });

  it("leave out TLS and HTTP/2 where a proxy doesn't speak them with clients", () => {
    const { names, leftOut } = through(
      ["sse+tls", "sse+h2"],
      proxies.map(({ name }) => name),
    );
    const ending = proxies.filter((proxy) => !isForward(proxy));
    for (const { name, listen } of ending) {
      expect(names.includes(`sse+tls+proxy=${name}`)).toBe(listen.tls !== null);
      expect(names.includes(`sse+h2+proxy=${name}`)).toBe(listen.http2);
    }
    const unable = ending.filter(({ listen }) => !listen.http2);
    expect(leftOut.filter((why) => why.startsWith("sse+h2"))).toHaveLength(unable.length);
  });

  it("speak TLS and HTTP/2 with the server through a forward proxy, and resume no sessions", () => {
    const { names, leftOut } = through(
      ["sse+tls", "sse+h2", "sse+tls+resume"],
      ["squid-forward:corrected"],
      true,
    );
    const cell = "+proxy=squid-forward:corrected";
    expect(names).toEqual([`sse+tls${cell}`, `sse+h2${cell}`]);
    expect(leftOut).toEqual([expect.stringContaining("leave out +resume")]);
    expect(atServer(parseVariant(`sse+h2${cell}`)).bound.layers).toEqual({ tls: "ec", h2: true });
    expect(atServer(parseVariant("sse+h2+proxy=nginx")).bound.layers).toEqual({});
  });
});

it("refuses to play the same twice, in whatever words", () => {
  vi.stubEnv("HAPROXY_PATH", process.execPath);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(() => config({ proxies: "haproxy,haproxy:default", transports: "sse" })).toThrow(
    '--proxies: "sse+proxy=haproxy" is named twice',
  );
});

it("goes through the distribution's configuration where none is named", () => {
  expect(proxyOf(parseVariant("sse+proxy=nginx").bound)?.configuration).toBe("default");
  expect(proxyOf(parseVariant("sse+proxy=nginx:corrected").bound)?.configuration).toBe("corrected");
  expect(proxyOf(parseVariant("sse").bound)).toBeNull();
});

it("is HTTP/1.1 without TLS to the server behind a proxy, with all else as it was", () => {
  const { bound } = behindProxy(parseVariant("sse@5s+h2+share=5+gzip+proxy=nginx"));
  expect(bound.layers).toEqual({ gzip: true });
  expect(bound.options["heartbeatMs"]).toBe(5_000);
  const direct = parseVariant("sse+h2");
  expect(behindProxy(direct)).toBe(direct);
});

it.each([
  [{ proxies: "ngnix" }, '--proxies: unknown proxy "ngnix"; did you mean "nginx"?'],
  [{ proxies: "nginx:best" }, '--proxies: nginx has no configuration "best"; it has default, corr'],
  [{ proxies: "nginx:constructor" }, '--proxies: nginx has no configuration "constructor"'],
  [{ transports: "sse+proxy=ngnix" }, 'unknown proxy "ngnix"'],
  [{ transports: "sse+proxy=mine" }, "and those of files that --adapters names"],
  [{ transports: "sse+proxy=nginx:best" }, 'nginx has no configuration "best"'],
  [{ transports: "tcp+proxy=nginx" }, 'tcp has no option "proxy"'],
  [{ balance: "haproxy" }, "sse+proxy=nginx and --balance exclude each other"],
  [{ servers: "2" }, "sse+proxy=nginx and --servers exclude each other: it passes on to one"],
  [{ netns: true }, "sse+proxy=nginx and --netns exclude each other"],
  [{ network: "4g" }, "sse+proxy=nginx and --network exclude each other"],
  [{ scenarios: "lossy" }, "--scenarios: lossy is played in namespaces"],
  [{ scenarios: "guards" }, "--scenarios: guards tries the limits of servers"],
])("refuses %j in a line", (settings, message) => {
  const given = { transports: "sse+proxy=nginx", scenarios: "latency", ...settings };
  expect(() => config(given)).toThrow(message);
});
