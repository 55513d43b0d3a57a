import { CommanderError } from "commander";
import type { Command } from "commander";
import { reports } from "../../reports/index.ts";
import { printError, survivePartingReaders } from "./print-error.ts";
import { BenchCommand, collected } from "./flags.ts";
import { exitCodes, usageError } from "../errors/errors.ts";
import { outlivesTerminal } from "./hang-up.ts";
import { endForeignCode } from "../settings/foreign-code.ts";
import { commandNeeds, measuringNeeds, resourceShortage } from "../machine/resource-limits.ts";
import { npxCommand } from "../text/command-name.ts";
import { versionIn } from "../files/package-files.ts";

// The commands are loaded when they are called: help must not wait for what it doesn't need.

const program = new BenchCommand("bench")
  .description("Measures what short polling, long polling, SSE and WebSocket really cost.")
  .configureOutput({ outputError: () => {} })
  // Less room than that is left beside the longest command, and lines would be as long as they like.
  .configureHelp({ minWidthToWrap: 30 })
  .exitOverride()
  .option("--version", "print the version")
  .addHelpText(
    "after",
    "\nExit codes: 0 done, 1 measured but something failed or got worse, 2 wrong usage,\n3 inconclusive, 130 interrupted.",
  );

program
  .command("run")
  .description("measure, save results and reports, print tables")
  .flag("transports", `all but streaming; see ${npxCommand} list`)
  .flag("scenarios", "latency,echo,overhead,connections")
  .flag("adapters")
  .flags("clients", "rate", "payload", "payloadKind", "encoding", "duration", "warmup", "trials")
  .option(
    "--extra-trials <n>",
    "more trials for cells with invalid ones (default: as many as planned)",
  )
  .option("--precision <percent>", "repeat until intervals are this narrow, such as 5%")
  .option("--metric <key>", "the figure for --precision (default: each scenario's headline)")
  .option("--time-limit <time>", "when --precision gives up (default: 10m)")
  .flag("seed", "random")
  .flags("maxConnections", "servers", "bus", "balance", "proxies", "redis", "nats", "out")
  .option("--quick", "a first look in half a minute")
  .option("--thorough", "ten longer trials")
  .option("--profile <name>", "quick, thorough, or bad-day: ten bad days of all transports")
  .option(
    "--reconnect <policy>",
    "how clients come back: none, native, fixed, exponential, full-jitter, decorrelated-jitter",
  )
  .option("--reconnect-base <time>", "their first wait, such as 250ms")
  .option("--reconnect-cap <time>", "their longest wait, such as 5s")
  .option("--cut-every <time>", "cut all connections so often (default: each scenario's own)")
  .option("--objective <time>", "how late 99 % may be in a search (default: each scenario's own)")
  .option("--prompt <size>", "bytes of a prompt, such as 1KiB (default: each scenario's own)")
  .option("--tokens <n>", "tokens of an answer (default: a second's worth)")
  .option("--token-rate <list>", "tokens per second of an answer, such as 20,80,300")
  .option("--first-token <time>", "from a prompt to its first token, such as 200ms")
  .option("--token-format <name>", "what tokens are sent as: json or text (default: json)")
  .option("--netns", "count TCP segments and acknowledgements, in network namespaces (Linux)")
  .option(
    "--network <network>",
    "play over 4g, 3g, … or settings (Linux), or over relay:4g, …: see docs/bad-day.md",
  )
  .flags("target", "request", "targetPid", "targetCommand", "startTimeout", "ca", "insecure")
  .flags("config", "on", "tokenFile")
  .option("--dry-run", "print the plan and how long it takes, and start nothing")
  .flag("base")
  .option("--open", "show report.html in the browser at the end")
  .flags("noReport", "quiet")
  .action(async (flags) => end((await import("./run.ts")).run(flags)));

program
  .command("list")
  .description("show transports with their clients and options, and scenarios")
  .flags("adapters", "config")
  .action(async (flags) => end((await import("./list.ts")).list(flags)));

program
  .command("report")
  .description("make a report from results files; several are shown side by side")
  .argument("<results...>", "results.json or its folder")
  .option("--format <name>", reports.map(({ name }) => name).join(", "), "terminal")
  .flag("base")
  .option("--out <path>", "write to a file, for png to a folder (default: print it)")
  .action(async (paths, flags) => end((await import("./report.ts")).report(paths, flags)));

program
  .command("compare")
  .description("show what changed between two results files")
  .argument("<baseline>", "results.json or its folder")
  .argument("<candidate>", "results.json or its folder")
  .flags("config", "inconclusive", "write", "quiet")
  .action(async (baseline, candidate, flags) =>
    end((await import("./compare.ts")).compare(baseline, candidate, flags)),
  );

program
  .command("check")
  .description("for CI: run what is needed, and compare it with a baseline and budgets")
  .option("--baseline <file>", "what to compare with (default: bench.baseline.json)")
  .option("--update", "write the baseline")
  .flag("transports", "all but streaming and tcp")
  .flag("scenarios", "integrity,overhead,connections")
  .flag("adapters")
  .flags("target", "targetPid", "targetCommand", "startTimeout", "ca", "insecure")
  .flags("clients", "rate", "payload", "payloadKind", "encoding")
  .flag("duration", "1500ms")
  .flag("trials", "2, or 7 with budgets on timing")
  .flag("maxConnections", "1500")
  .flags("out", "config", "inconclusive", "write", "quiet")
  .action(async (flags) => end((await import("./check.ts")).check(flags)));

program
  .command("reproduce")
  .description("repeat the run behind a results file, and show both side by side")
  .argument("<results>", "results.json or its folder")
  .flags("adapters", "out", "targetCommand", "startTimeout", "targetPid", "ca", "insecure")
  .flags("redis", "nats", "on", "tokenFile", "config", "noReport", "quiet")
  .action(async (path, flags) => end((await import("./reproduce.ts")).reproduce(path, flags)));

program
  .command("ab")
  .description("alternate two servers of your own until it is clear whether one is worse")
  .option("--baseline <url>", "a server that is already running; with --candidate")
  .option("--candidate <url>", "the other one")
  .option("--target <url>", "where the started servers listen: http(s)://host:port")
  .option(
    "--baseline-command <command>",
    "start the baseline for each of its trials; with --target",
  )
  .option("--candidate-command <command>", "likewise for the candidate; PORT and HOST are set")
  .option("--base <ref>", "a commit to compare the working tree with; with --target")
  .option("--target-command <command>", "how both commits are started")
  .option("--prepare <command>", "a command that prepares the commit, such as npm ci")
  .flags("startTimeout", "ca", "insecure")
  .option("--transports <names>", "the wire formats to measure, separated by commas")
  .flag("scenarios", "latency")
  .flag("adapters")
  .flag("clients", "10 in latency")
  .flag("rate", "100 in latency")
  .flags("payload", "payloadKind", "encoding")
  .flag("duration", "800ms")
  .flag("warmup", "400ms")
  .option("--max-pairs <n>", "when to give up: from 7 to 200 (default: 20)")
  .flag("seed", "random")
  .flags("inconclusive", "write", "out", "config", "quiet")
  .action(async (flags) => end((await import("./ab.ts")).ab(flags)));

program
  .command("serve")
  .description("serve a built-in transport on loopback until stopped, as something to measure")
  .option("--transport <variant>", `see ${npxCommand} list`)
  .option("--through", "serve the answering end of doctor --through instead, at /through")
  .flag("adapters")
  .option("--port <n>", "where to listen (default: $PORT, or any free port)")
  .option("--certificate <file>", "with TLS: where to write its certificate, for --ca of a client")
  .option(
    "--allow-origin <origin>",
    "also accept web pages of this origin, and requests for its host; repeatable",
    collected,
  )
  .action(async (flags) => end((await import("./serve.ts")).serve(flags)));

program
  .command("worker")
  .description("run processes of trials on this machine, for runs of others, until stopped")
  .requiredOption("--redis <url>", "where workers and runs find each other: redis://host:port")
  .requiredOption("--token-file <file>", "the token that all workers and runs share")
  .option("--name <name>", "in messages and results (default: this host's)")
  .option("--role <role>", "what it is for: servers, clients or both (default: both)")
  .option("--capacity <n>", "processes at once (default: 64)")
  .option("--listen <addresses>", "where its servers listen (default: 127.0.0.1)")
  .flag("quiet")
  .action(async (flags) => end((await import("./worker.ts")).worker(flags)));

program
  .command("history")
  .description("draw each gating metric over the runs stored in a folder")
  .argument("<folder>", "holds results.json and comparison.json, at any depth")
  .option("--out <file>", "the page (default: history.html in the folder)")
  .flag("config")
  .action(async (folder, flags) => end((await import("./history.ts")).history(folder, flags)));

program
  .command("doctor")
  .description("show what this machine allows, or what stands in front of a server of yours")
  .option("--clients <n>", "say what so many clients take, and which settings allow them")
  .option("--through <url>", "say what a proxy or CDN does to this stream: see docs/proxies.md")
  .option("--header <field>", 'with --through: such as "Authorization: …"; repeatable', collected)
  .option("--bound <time>", "with --through: the longest silence to try (default: 75s)")
  .flags("ca", "insecure", "json")
  .action(async (flags) => end((await import("./doctor.ts")).doctor(flags)));

program
  .command("conformance")
  .description("check a running server against a wire format, or a transport of your own")
  .argument("<subject>", "http(s)://host:port of the server, or the transport's file or name")
  .option("--transport <variant>", "the format that the server speaks, such as sse")
  .option("--time-limit <time>", "for each case, such as 5s", "5s")
  .flags("ca", "insecure", "adapters", "json", "config")
  .action(async (url, flags) => end((await import("./conformance.ts")).conformance(url, flags)));

program
  .command("init")
  .description("write an example of a transport, a scenario or a config file; overwrites nothing")
  .argument("<what>", "transport, scenario or config")
  .argument("[file]", "where to (default: my-transport.ts, my-scenario.ts or bench.config.ts)")
  .action(async (what, file) => end((await import("./init.ts")).init(what, file)));

program
  .command("schema")
  .description("print the JSON Schema of what bench writes")
  .option("--of <document>", "results, comparison, or summary (report --format json)", "results")
  .action(async (flags) => end((await import("./schema.ts")).schema(flags)));

const measuring: ReadonlySet<string> = new Set(["run", "check", "reproduce", "ab"]);

/** The first file or folder that was given as an empty text, as of a variable of a script that isn't set. */
function unnamed(command: Command): string | undefined {
  const empty = command.options.find(
    (option) =>
      /<(?:file|folder|path)>/.test(option.flags) && command.opts()[option.attributeName()] === "",
  );
  if (empty !== undefined) return empty.long;
  const at = command.args.indexOf("");
  return at < 0
    ? undefined
    : (command.registeredArguments[at] ?? command.registeredArguments.at(-1))?.name();
}

// Before any of its modules is loaded, or any process started.
program.hook("preAction", (_program, command) => {
  const empty = unnamed(command);
  if (empty !== undefined) throw usageError(`${empty}: "" names nothing`);
  const measures = measuring.has(command.name()) && command.opts()["dryRun"] !== true;
  const lacking = resourceShortage(measures ? measuringNeeds : commandNeeds);
  if (lacking !== null) throw usageError(lacking);
});

program.on("option:version", () => {
  process.stdout.write(`${versionIn()}\n`);
  throw new CommanderError(exitCodes.done, "commander.version", "");
});

async function end(exitCode: Promise<number>): Promise<void> {
  process.exitCode = await exitCode;
}

survivePartingReaders();
if (outlivesTerminal()) process.on("SIGHUP", () => {});

await program.parseAsync().catch(printError);
endForeignCode();
