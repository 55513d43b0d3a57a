import { Command } from "commander";
import { comparisonReports } from "../../reports/verdict/index.ts";

/*
 * The flags that several commands have, so that each is called and explained alike wherever it stands. Light,
 * since help loads it at every start.
 */
const shared = {
  transports: ["--transports <names>", "variants, separated by commas"],
  scenarios: ["--scenarios <names>", "scenarios, separated by commas"],
  adapters: ["--adapters <files>", "files or packages that define transports or scenarios"],
  clients: ["--clients <n>", "clients"],
  rate: ["--rate <n>", "messages per second; per client if clients send"],
  payload: ["--payload <size>", "bytes of a message, such as 256 or 4KiB"],
  payloadKind: [
    "--payload-kind <kind>",
    "repeated, random, json-tick, json-chat, or a file with a message on each line",
  ],
  encoding: ["--encoding <name>", "of messages: json, msgpack, protobuf or base64"],
  duration: ["--duration <time>", "length of the measured phase, such as 500ms or 10s"],
  warmup: ["--warmup <time>", "how long to warm up before measuring"],
  trials: ["--trials <n>", "repetitions, each in fresh processes"],
  seed: ["--seed <n>", "makes order, phases and payloads repeatable"],
  maxConnections: ["--max-connections <n>", "where the connection search ends"],
  servers: ["--servers <n>", "server processes that share the clients"],
  bus: ["--bus <name>", "what carries messages to all servers: none, redis, redis-streams, nats"],
  balance: ["--balance <name>", "what stands in front of servers: none, nginx, haproxy"],
  proxies: [
    "--proxies <names>",
    "play each variant through these as well: nginx, haproxy:corrected, …; see docs/proxies.md",
  ],
  redis: ["--redis <url>", "your own Redis for --bus redis or redis-streams, not one of its own"],
  nats: ["--nats <url>", "your own NATS for --bus nats, not one of its own"],
  target: [
    "--target <urls>",
    "measure your own server at http(s)://host:port, or several, not the built-in ones",
  ],
  targetPid: ["--target-pid <pids>", "your own server's process, for CPU time and memory"],
  targetCommand: [
    "--target-command <command>",
    "start your own server for each trial; PORT and HOST are set",
  ],
  request: [
    "--request <file>",
    "what your own endpoint is asked with, by openai: see docs/tokens.md",
  ],
  startTimeout: ["--start-timeout <time>", "how long it may take to start serving"],
  ca: ["--ca <file>", "authorities of your own server's certificate, in PEM"],
  insecure: ["--insecure", "don't verify your own server's certificate"],
  on: ["--on <url>", "play it on the workers at this Redis: redis://host:port"],
  tokenFile: ["--token-file <file>", "the token that workers joined with; with --on"],
  out: ["--out <folder>", "folder for results"],
  config: ["--config <file>", "settings file"],
  inconclusive: ["--inconclusive <outcome>", "what an inconclusive result counts as: pass or fail"],
  base: ["--base <variant>", "show figures as multiples of this variant's, with intervals"],
  write: [
    "--write <format=path>",
    `also write a report to a file: ${comparisonReports.map(({ name }) => name).join(", ")}`,
  ],
  noReport: ["--no-report", "save results.json only"],
  quiet: ["--quiet", "print nothing but errors"],
  json: ["--json", "as one JSON document"],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;

/** Where it isn't given. */
const defaultTexts: Readonly<Partial<Record<keyof typeof shared, string>>> = {
  clients: "each scenario's own",
  payloadKind: "repeated",
  servers: "1",
  bus: "none",
  balance: "none",
  encoding: "json",
  startTimeout: "10s",
  ca: "those that Node knows",
  out: "bench-results/<time>",
  config: "bench.config.ts, .js or .json, if there is one",
  inconclusive: "exit code 3",
};

/** A command, with the flags that several have by their names here. */
export class BenchCommand extends Command {
  override createCommand(name?: string): BenchCommand {
    return new BenchCommand(name);
  }

  /** `otherwise` is what holds for this command where the flag isn't given. */
  flag(name: keyof typeof shared, otherwise = defaultTexts[name]): this {
    const [usage, help] = shared[name];
    const text = otherwise === undefined ? help : `${help} (default: ${otherwise})`;
    return name === "write" ? this.option(usage, text, collected) : this.option(usage, text);
  }

  flags(...names: readonly (keyof typeof shared)[]): this {
    for (const name of names) this.flag(name);
    return this;
  }
}

/** Collects the values of a flag that may be given several times. */
export function collected(given: string, before: readonly string[] = []): readonly string[] {
  return [...before, given];
}
