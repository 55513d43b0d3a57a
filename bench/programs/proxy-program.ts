import { execFile } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { promisify } from "node:util";
import { findProgram } from "../machine/find-program.ts";
import { ownName } from "../machine/own-name.ts";
import { filled } from "../proxies/template.ts";
import type { Proxy, ProxyConfiguration, TemplateValues } from "../proxies/proxy.ts";
import { fileOfProgram } from "../machine/program-file.ts";
import { frontingOf } from "./program.ts";
import type { Program, ProgramOptions, ProgramPlace } from "./program.ts";
import { identityFiles } from "./written-files.ts";

const execute = promisify(execFile);

/** How long it may take to say its version. */
const versionMs = 5_000;

/** A proxy as a program that can be started, with one of its configurations. */
export function proxyProgram(proxy: Proxy, configuration: string): Program {
  const { text, arguments: more = [] } = configurationOf(proxy, configuration);
  const { name, command = name, debianPackage, endSignal, reload, leaves = [] } = proxy;
  return {
    name,
    command,
    debianPackage,
    ...(endSignal !== undefined && { endSignal }),

    argumentsFor: (place, options) =>
      all([...proxy.arguments, ...more], valuesFor(proxy, place, options)),

    filesFor(place, options) {
      const values = valuesFor(proxy, place, options);
      return templatesFilled({ [proxy.file]: text, ...proxy.files }, values);
    },

    leavesAt: (place, options) => all(leaves, valuesFor(proxy, place, options)),

    environmentFor: (place, options) =>
      templatesFilled(proxy.environment ?? {}, valuesFor(proxy, place, options)),

    reloadFor(place, options) {
      if ("impossible" in reload) throw new Error(`${name}: ${reload.impossible}`);
      if ("signal" in reload) return reload;
      const values = valuesFor(proxy, place, options);
      return { file: commandFor(proxy, reload), arguments: all(reload.arguments, values) };
    },

    async versionAt({ host, port }) {
      const socket = connect(port, host);
      try {
        await once(socket, "connect");
      } finally {
        socket.destroy();
      }
      return await versionOf(proxy);
    },
  };
}

/** Throws where there is none of that name. */
function configurationOf(proxy: Proxy, name: string): ProxyConfiguration {
  const configuration = proxy.configurations[name];
  if (configuration !== undefined) return configuration;
  const names = Object.keys(proxy.configurations).join(", ");
  throw new Error(`${proxy.name} has no configuration "${name}": there is ${names}`);
}

/** The program itself, or one that comes with it. */
function commandFor(proxy: Proxy, { command }: { readonly command?: string }): string {
  if (command === undefined) return fileOfProgram(proxy);
  const file = findProgram(command, process.env["PATH"] ?? "");
  if (file !== null) return file;
  throw new Error(`${proxy.name}: ${command} not found`);
}

/** Its version, as the program that would be started tells it; throws where it doesn't. */
async function versionOf(proxy: Proxy): Promise<string> {
  const { arguments: words, pattern } = proxy.version;
  const { stdout, stderr } = await execute(fileOfProgram(proxy), words, { timeout: versionMs });
  const [, version] = new RegExp(pattern).exec(stdout + stderr) ?? [];
  if (version === undefined) throw new Error(`${proxy.name} doesn't tell its version`);
  return version;
}

function valuesFor(
  { name, listen }: Proxy,
  { host, port, folder }: ProgramPlace,
  options: ProgramOptions,
): TemplateValues {
  const { servers, reads, identity } = frontingOf(options);
  const [server, ...more] = servers;
  if (server === undefined || more.length > 0) throw new Error(`${name} passes on to one server`);
  if (reads !== "http") throw new Error(`${name} reads HTTP`);
  const template = identity === undefined ? listen.plain : listen.tls;
  if (template === null) throw new Error(`${name} doesn't speak TLS`);
  const values = {
    host,
    port: String(port),
    serverHost: server.host,
    serverPort: String(server.port),
    folder,
    user: ownName(),
    ...identityFiles(folder),
  };
  return { ...values, listen: filled(template, values) };
}

function all(templates: readonly string[], values: TemplateValues): string[] {
  return templates.map((template) => filled(template, values));
}

function templatesFilled(
  templates: Readonly<Record<string, string>>,
  values: TemplateValues,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(templates).map(([name, template]) => [name, filled(template, values)]),
  );
}
