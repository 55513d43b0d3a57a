import { Command, CommanderError } from "commander";
import { reports } from "../../reports/index.ts";
import { collected, flag } from "./flags.ts";
import { asLine, errorLines } from "../errors/error-lines.ts";
import { BenchError, codeOf, exitCodes } from "../errors/errors.ts";
import { outlivesTerminal } from "./hang-up.ts";
import { commandRoom, exhausted, measuringRoom, shortage } from "../machine/room.ts";
import { npxCommand } from "../text/command-name.ts";
import { versionIn } from "../files/own-files.ts";
import { withoutSecrets } from "../errors/secrets.ts";

// The commands are loaded when they are called: help must not wait for what it doesn't need.

const program = new Command("bench")
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
  .option(...flag("transports", `all; see ${npxCommand} list`))
  .option(...flag("scenarios", "all but integrity"))
  .option(...flag("clients"))
  .option(...flag("rate"))
  .option(...flag("payload"))
  .option(...flag("duration"))
  .option(...flag("warmup"))
  .option(...flag("trials"))
  .option(
    "--extra-trials <n>",
    "more trials for cells with invalid ones (default: as many as planned)",
  )
  .option("--precision <percent>", "repeat until intervals are this narrow, such as 5%")
  .option("--metric <key>", "the figure for --precision (default: each scenario's headline)")
  .option("--time-limit <time>", "when --precision gives up (default: 10m)")
  .option(...flag("seed", "random"))
  .option(...flag("maxConnections"))
  .option(...flag("out"))
  .option("--quick", "a first look in half a minute")
  .option("--thorough", "ten longer trials")
  .option("--netns", "count TCP segments and acknowledgements, in network namespaces (Linux)")
  .option(...flag("target"))
  .option(...flag("targetPid"))
  .option(...flag("targetCommand"))
  .option(...flag("startTimeout"))
  .option(...flag("config"))
  .option("--dry-run", "print the plan and how long it takes, and start nothing")
  .option("--open", "show report.html in the browser at the end")
  .option(...flag("noReport"))
  .option(...flag("quiet"))
  .action(async (flags) => end((await import("./run.ts")).run(flags)));

program
  .command("list")
  .description("show transports with their clients and options, and scenarios")
  .action(async () => end((await import("./list.ts")).list()));

program
  .command("report")
  .description("make a report from results files; several are shown side by side")
  .argument("<results...>", "results.json or its folder")
  .option("--format <name>", reports.map(({ name }) => name).join(", "), "terminal")
  .option("--out <path>", "write to a file, for png to a folder (default: print it)")
  .action(async (paths, flags) => end((await import("./report.ts")).report(paths, flags)));

program
  .command("compare")
  .description("show what changed between two results files")
  .argument("<baseline>", "results.json or its folder")
  .argument("<candidate>", "results.json or its folder")
  .option(...flag("config"))
  .option(...flag("inconclusive"))
  .option(...flag("write"), collected)
  .option(...flag("quiet"))
  .action(async (baseline, candidate, flags) =>
    end((await import("./compare.ts")).compare(baseline, candidate, flags)),
  );

program
  .command("check")
  .description("for CI: run what is needed, and compare it with a baseline and budgets")
  .option("--baseline <file>", "what to compare with (default: bench.baseline.json)")
  .option("--update", "write the baseline")
  .option(...flag("transports", "all but tcp"))
  .option(...flag("scenarios", "integrity,overhead,connections"))
  .option(...flag("target"))
  .option(...flag("targetPid"))
  .option(...flag("targetCommand"))
  .option(...flag("startTimeout"))
  .option(...flag("clients"))
  .option(...flag("rate"))
  .option(...flag("payload"))
  .option(...flag("duration", "1500ms"))
  .option(...flag("trials", "2, for budgets on timing 7"))
  .option(...flag("maxConnections", "1500"))
  .option(...flag("out"))
  .option(...flag("config"))
  .option(...flag("inconclusive"))
  .option(...flag("write"), collected)
  .option(...flag("quiet"))
  .action(async (flags) => end((await import("./check.ts")).check(flags)));

program
  .command("reproduce")
  .description("repeat the run behind a results file, and show both side by side")
  .argument("<results>", "results.json or its folder")
  .option(...flag("out"))
  .option(...flag("targetCommand"))
  .option(...flag("startTimeout"))
  .option(...flag("targetPid"))
  .option(...flag("config"))
  .option(...flag("noReport"))
  .option(...flag("quiet"))
  .action(async (path, flags) => end((await import("./reproduce.ts")).reproduce(path, flags)));

program
  .command("ab")
  .description("alternate two servers of your own until it is clear whether one is worse")
  .option("--baseline <url>", "a server that runs already; with --candidate")
  .option("--candidate <url>", "the other one")
  .option("--target <url>", "where a server that is started listens: http://host:port")
  .option("--baseline-command <command>", "start this one for each of its trials; with --target")
  .option("--candidate-command <command>", "and this one for its own; PORT and HOST are set")
  .option("--base <ref>", "a commit to compare the working tree with; with --target")
  .option("--target-command <command>", "how both commits are started")
  .option("--prepare <command>", "what the commit needs first, such as npm ci")
  .option(...flag("startTimeout"))
  .option("--transports <names>", "the wire formats to measure, separated by commas")
  .option(...flag("scenarios", "latency"))
  .option(...flag("clients", "10 in latency"))
  .option(...flag("rate", "100 in latency"))
  .option(...flag("payload"))
  .option(...flag("duration", "800ms"))
  .option(...flag("warmup", "400ms"))
  .option("--max-pairs <n>", "when to give up: from 7 to 200 (default: 20)")
  .option(...flag("seed", "random"))
  .option(...flag("inconclusive"))
  .option(...flag("write"), collected)
  .option(...flag("out"))
  .option(...flag("config"))
  .option(...flag("quiet"))
  .action(async (flags) => end((await import("./ab.ts")).ab(flags)));

program
  .command("serve")
  .description("serve a built-in transport on loopback until stopped, as something to measure")
  .requiredOption("--transport <variant>", `see ${npxCommand} list`)
  .option("--port <n>", "where to listen (default: $PORT, or any free port)")
  .option(
    "--allow-origin <origin>",
    "also accept web pages of this origin, and requests for its host; repeatable",
    collected,
  )
  .action(async (flags) => end((await import("./serve.ts")).serve(flags)));

program
  .command("history")
  .description("draw each gating metric over the runs that are stored below a folder")
  .argument("<folder>", "holds results.json and comparison.json, at any depth")
  .option("--out <file>", "the page (default: history.html in the folder)")
  .option(...flag("config"))
  .action(async (folder, flags) => end((await import("./history.ts")).history(folder, flags)));

program
  .command("doctor")
  .description("show what this machine allows, and what distorts figures on it")
  .option(...flag("json"))
  .action(async (flags) => end((await import("./doctor.ts")).doctor(flags)));

program
  .command("conformance")
  .description("check a running server against a wire format (docs/wire-formats.md)")
  .argument("<url>", "http://host:port of the server")
  .requiredOption("--transport <variant>", "the format that it speaks, such as sse")
  .option("--time-limit <time>", "for each case, such as 5s", "5s")
  .option(...flag("json"))
  .option(...flag("config"))
  .action(async (url, flags) => end((await import("./conformance.ts")).conformance(url, flags)));

program
  .command("schema")
  .description("print the JSON Schema of what bench writes")
  .option("--of <document>", "results, comparison, or summary (report --format json)", "results")
  .action(async (flags) => end((await import("./schema.ts")).schema(flags)));

const measuring: ReadonlySet<string> = new Set(["run", "check", "reproduce", "ab"]);

/** The first file or folder that was given as an empty text, as of a variable of a script that isn't set. */
function unnamed(command: Command): string | undefined {
  const option = command.options.find(
    (one) => /<(?:file|folder|path)>/.test(one.flags) && command.opts()[one.attributeName()] === "",
  );
  if (option !== undefined) return option.long;
  const at = command.args.indexOf("");
  return at < 0
    ? undefined
    : (command.registeredArguments[at] ?? command.registeredArguments.at(-1))?.name();
}

// Before any of its modules is loaded, or any process started.
program.hook("preAction", (_program, command) => {
  const empty = unnamed(command);
  if (empty !== undefined) throw new BenchError("usage", `${empty}: "" names nothing`);
  const measures = measuring.has(command.name()) && command.opts()["dryRun"] !== true;
  const lacking = shortage(measures ? measuringRoom : commandRoom);
  if (lacking !== null) throw new BenchError("usage", lacking);
});

program.on("option:version", () => {
  process.stdout.write(`${versionIn()}\n`);
  throw new CommanderError(exitCodes.done, "commander.version", "");
});

async function end(exitCode: Promise<number>): Promise<void> {
  process.exitCode = await exitCode;
}

/** The one place where an error is printed. */
function complain(error: unknown): void {
  if (error instanceof CommanderError) {
    // Help was asked for and has been shown.
    if (error.exitCode === 0) return;
    process.exitCode = exitCodes.usage;
    if (error.code !== "commander.help") process.stderr.write(`${asLine(error.message)}\n`);
  } else if (error instanceof BenchError) {
    process.exitCode = error.code === "output" ? exitCodes.failed : exitCodes.usage;
    process.stderr.write(`${errorLines(error).join("\n")}\n`);
  } else if (exhausted(error) !== null) {
    process.exitCode = exitCodes.failed;
    process.stderr.write(`${asLine(`error: ${exhausted(error)}`)}\n`);
  } else {
    process.exitCode = exitCodes.failed;
    const stack = error instanceof Error ? error.stack : String(error);
    process.stderr.write(
      `error: this is a bug in bench, please report it: ${withoutSecrets(String(stack))}\n`,
    );
  }
}

/** The errors of writing to a reader that has gone: it has seen enough (`| head`), or its terminal was closed. */
const gone: ReadonlySet<string> = new Set(["EPIPE", "EIO", "ECONNRESET", "ERR_STREAM_DESTROYED"]);
let isFull = false;

// Who reads doesn't decide what is measured and saved.
process.stderr.on("error", () => {});
process.stdout.on("error", (error) => {
  if (isFull || gone.has(codeOf(error))) return;
  isFull = true;
  complain(new BenchError("output", `can't write to standard output (${codeOf(error)})`));
  process.once("exit", () => {
    process.exitCode ||= exitCodes.failed;
  });
});

if (outlivesTerminal()) process.on("SIGHUP", () => {});

await program.parseAsync().catch(complain);
