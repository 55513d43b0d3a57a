import { expect, it } from "vitest";
import { defineProxy, proxyIn } from "./define-proxy.ts";
import { proxies } from "./index.ts";
import type { Proxy } from "./proxy.ts";

const configuration = { about: "the least", text: "{{listen}} to {{serverHost}}:{{serverPort}}" };

const least: Proxy = {
  name: "pound",
  debianPackage: "pound",
  version: { arguments: ["-V"], pattern: "Version (\\S+)" },
  arguments: ["-f", "{{folder}}/pound.cfg"],
  file: "pound.cfg",
  listen: { plain: "Port {{port}}", tls: null, http2: false },
  configurations: { default: configuration, corrected: configuration },
  reload: { signal: "SIGHUP" },
};

it("takes the least that makes one", () => {
  expect(defineProxy(least)).toBe(least);
});

it("says in one line what is wrong", () => {
  const { listen, ...unheard } = least;
  for (const [given, why] of [
    [null, "the proxy is not an object"],
    [[], "the proxy is not an object"],
    [{ ...least, name: "Pound!" }, "Pound!: name is not a name of small letters"],
    [unheard, "pound: listen is not an object with plain, tls and http2"],
    [{ ...least, port: 80 }, "pound: the proxy is not an object, and no port"],
    [
      { ...least, listen: { ...listen, quic: true } },
      "pound: listen is not an object with plain, tls and http2, and no quic",
    ],
    [
      { ...least, version: { arguments: [], pattern: "\\d+" } },
      "pound: version.pattern is not a regular expression with a group",
    ],
    [
      { ...least, version: { arguments: [], pattern: "(" } },
      "pound: version.pattern is not a regular expression with a group",
    ],
    [{ ...least, file: "../pound.cfg" }, "pound: file is not a file's name in its folder"],
    [
      { ...least, arguments: ["{{port}}", "{{prot}}"] },
      "pound: arguments.1 is not a template: {{prot}} is none of host, port",
    ],
    [
      { ...least, reload: { signal: "SIGRELOAD" } },
      "pound: reload.signal is not a signal such as SIGHUP",
    ],
    [
      { ...least, reload: "SIGHUP" },
      "pound: reload is not a signal, a command's arguments, or why it is impossible",
    ],
    [
      { ...least, configurations: { default: configuration } },
      "pound: configurations.corrected is not an object with about and text",
    ],
    [
      { ...least, configurations: { ...least.configurations, more: { about: "no text" } } },
      "pound: configurations.more.text is not a template",
    ],
    [
      {
        ...least,
        configurations: {
          default: configuration,
          corrected: { ...configuration, documented: [{ faults: ["slow"], says: "", source: "" }] },
        },
      },
      "pound: configurations.corrected.documented.0.faults.0 is not one of refused, upgrade, head",
    ],
    [
      {
        ...least,
        configurations: {
          default: configuration,
          corrected: { about: "deaf", text: "{{listen}}" },
        },
      },
      "pound: configurations.corrected doesn't say where {{serverPort}} is",
    ],
  ] as const) {
    expect(() => proxyIn(given)).toThrow(why);
  }
});

it("takes arguments of a configuration that say where the server is", () => {
  const flags = ["{{listen}}", "--to={{serverHost}}:{{serverPort}}"];
  const told = { about: "by flags only", text: "", arguments: flags };
  expect(() =>
    defineProxy({ ...least, configurations: { ...least.configurations, flags: told } }),
  ).not.toThrow();
});

it("leaves other braces to the program", () => {
  const text = `${configuration.text} {{ env "HOME" }} {{.Path}}`;
  const configurations = { ...least.configurations, corrected: { ...configuration, text } };
  expect(() => defineProxy({ ...least, configurations })).not.toThrow();
});

it("has each built-in one once, and cites what it says", () => {
  expect(new Set(proxies.map(({ name }) => name)).size).toBe(proxies.length);
  for (const { configurations } of proxies) {
    expect(configurations.default.documented?.length).toBeGreaterThan(0);
    expect(configurations.default.changes).toBeUndefined();
  }
});

it("keeps all that a built-in one writes in its folder", () => {
  for (const { name, configurations } of proxies) {
    for (const { text } of Object.values(configurations)) {
      expect(text, name).not.toMatch(/\/(?:var|run|etc)\/|syslog/);
    }
  }
});
