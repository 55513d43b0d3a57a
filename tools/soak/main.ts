import { mkdtempSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { errorLines } from "../../bench/errors/error-lines.ts";
import { BenchError, exitCodes } from "../../bench/errors/errors.ts";
import { faultVariable } from "../../bench/settings/fault.ts";
import { writeSection } from "../prove/proof-document.ts";
import { judgeRun } from "./judge.ts";
import { readRecord, saveRecord } from "./record.ts";
import type { SoakRecord } from "./record.ts";
import { plannedRuns, soakSettings } from "./settings.ts";
import type { SoakSettings } from "./settings.ts";
import { playSoaked } from "./soaked-run.ts";
import { soakText } from "./text.ts";

/*
 * Whether all processes of a run stay as large as they are while connections are cut again and again, `npm run soak`.
 * Times are not looked at, so that all transports run at once.
 */

const program = new Command("soak")
  .description("Runs for an hour with connections cut each minute: does any process grow?")
  .option("--minutes <n>", "how long connections are cut, of 2 to 60", "60")
  .option("--cut-every <seconds>", "how often", "60")
  .option(
    "--transports <names>",
    "a run of its own for each, all at once",
    "short-polling@250ms,long-polling,sse,websocket,socket.io@websocket+recovery",
  )
  .option(
    "--network <network>",
    "of one more run, over packets; none for no such run",
    "delay=40ms,jitter=10ms",
  )
  .option("--clients <n>", "of each run", "50")
  .option("--rate <n>", "messages per second of each run", "10")
  .option("--out <folder>", "keep everything there (default: a temporary folder)")
  .option("--from <folder>", "judge again what a soak has kept there, and start nothing")
  .option("--docs <folder>", "write the section of its soak.md")
  .allowExcessArguments(false);

/** Looked at, and collected, so often between two cuts. */
const looksPerCut = 12;
const collectionsPerCut = 3;

async function soak(settings: SoakSettings): Promise<SoakRecord> {
  const { minutes, cutEvery, clients, rate } = settings;
  const folder = resolve(settings.out ?? mkdtempSync(join(tmpdir(), "bench-soak-")));
  process.stderr.write(`${minutes} minutes, in ${folder}\n`);
  const startedAt = new Date().toISOString();
  const pace = {
    readEveryMs: (cutEvery * 1_000) / looksPerCut,
    collectEveryMs: (cutEvery * 1_000) / collectionsPerCut,
  };
  const runs = await Promise.all(
    plannedRuns(settings).map(async (planned) => {
      const own = join(folder, planned.name.replaceAll(/\W+/g, "-"));
      mkdirSync(own, { recursive: true });
      return playSoaked(planned, own, pace);
    }),
  );
  const record: SoakRecord = {
    minutes,
    cutEverySeconds: cutEvery,
    clients,
    rate,
    startedAt,
    runs,
    fault: process.env[faultVariable] ?? "",
    command: commandOf(settings),
  };
  saveRecord(folder, record);
  return record;
}

function commandOf({
  minutes,
  cutEvery,
  transports,
  network,
  clients,
  rate,
}: SoakSettings): string {
  return (
    `npm run soak -- --minutes ${minutes} --cut-every ${cutEvery} ` +
    `--transports ${transports.join(",")} --network ${network} --clients ${clients} --rate ${rate}`
  );
}

try {
  const settings = soakSettings(program.parse().opts());
  const record = settings.from === undefined ? await soak(settings) : readRecord(settings.from);
  const runs = record.runs.map((run) => judgeRun(run, record));
  const text = soakText(record, runs);
  process.stdout.write(`${text}\n`);
  if (runs.some(({ faults }) => faults.length > 0)) process.exitCode = exitCodes.failed;
  if (settings.docs !== undefined) {
    const section = `\`\`\`\n${text}\n\`\`\`\n\nProduced by \`${record.command}\`.`;
    writeSection(join(settings.docs, "soak.md"), "soak", section);
  }
} catch (error) {
  if (!(error instanceof BenchError)) throw error;
  for (const line of errorLines(error)) process.stderr.write(`${line}\n`);
  process.exitCode = exitCodes.usage;
}
