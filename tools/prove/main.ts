import { Command } from "commander";
import { BenchError, exitCodes } from "../../bench/errors/errors.ts";
import { proveByAaChecks } from "./aa.ts";
import { proveOnBusyMachine } from "./busy.ts";
import { proveByFaults } from "./faults.ts";
import { proveBySimulation } from "./simulate.ts";
import { everybody, proveByStops } from "./stops.ts";

/*
 * The proof of the checker, `npm run prove:check -- PART`: how often it cries wolf, and what it finds; and
 * that a trial in which a process stalled doesn't count.
 */

const program = new Command("prove:check").description(
  "Proves what the rule of bench check and bench ab finds, and how often it cries wolf.",
);

program
  .command("simulate")
  .description("simulated checks with noise, drift, heavy tails and stalls; two minutes")
  .option("--checks <n>", "checks at each point where nothing has changed", "2000")
  .option("--seed <n>", "the same seed gives the same figures", "1")
  .option("--docs <folder>", "write section and charts into its check-proof.md")
  .action(proveBySimulation);

program
  .command("aa")
  .description("real checks where nothing has changed; about a minute each")
  .option("--checks <n>", "how many", "30")
  .option(
    "--transports <names>",
    "taken in turns",
    "websocket,sse,long-polling,short-polling@100ms",
  )
  .option("--pairs <n>", "at most, as in bench ab --max-pairs", "20")
  .option("--seed <n>", "of the first check; the others count up from it", "1")
  .option("--docs <folder>", "write the section of its check-proof.md")
  .action(proveByAaChecks);

program
  .command("busy")
  .description(
    "checks of what is counted beside other work, where nothing has changed; some minutes",
  )
  .option("--checks <n>", "how many", "20")
  .option("--transports <names>", "as in bench check", "long-polling,short-polling")
  .option("--scenarios <names>", "as in bench check", "overhead")
  .action(proveOnBusyMachine);

program
  .command("faults")
  .description("servers that are made worse on purpose; some ten minutes")
  .option("--only <names>", "of grow, drop, leak, close, nagle and delay, separated by commas")
  .option("--docs <folder>", "write the section of its check-proof.md")
  .action(proveByFaults);

program
  .command("stops")
  .description("each process is stopped by a signal, and its trial has to say so; a minute")
  .option("--lengths <ms>", "how long, separated by commas", "50,100,400,1000,4000")
  .option("--only <names>", "whose process, separated by commas", everybody.join(","))
  .action(proveByStops);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof BenchError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = exitCodes.usage;
}
