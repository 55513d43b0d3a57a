import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { errorLines } from "../../bench/errors/error-lines.ts";
import { BenchError, exitCodes } from "../../bench/errors/errors.ts";
import { faultVariable } from "../../bench/settings/fault.ts";
import { draw } from "../prove/draw.ts";
import { writeSection } from "../prove/proof-document.ts";
import { soakChart } from "./chart.ts";
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
  .option("--out <folder>", "for results and logs (default: bench-results/soak-<time>)")
  .option("--from <folder>", "judge again what a soak has saved there, and start nothing")
  .option("--docs <folder>", "write the section of its soak.md, and its picture")
  .allowExcessArguments(false);

/** Looked at, and collected, so often between two cuts. */
const looksPerCut = 12;
const collectionsPerCut = 3;

async function soak(settings: SoakSettings): Promise<SoakRecord> {
  const { minutes, cutEvery, clients, rate } = settings;
  const startedAt = new Date().toISOString();
  const time = startedAt.slice(0, 19).replaceAll(":", "-");
  const folder = resolve(settings.out ?? join("bench-results", `soak-${time}`));
  process.stderr.write(`${minutes} minutes, in ${folder}\n`);
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
  const fault = process.env[faultVariable] ?? "";
  const record: SoakRecord = {
    minutes,
    cutEverySeconds: cutEvery,
    clients,
    rate,
    startedAt,
    runs,
    command: `${fault === "" ? "" : `${faultVariable}='${fault}' `}${commandOf(settings)}`,
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
    const chart = soakChart(record);
    await draw([chart], join(settings.docs, "pictures"));
    const section = [
      `![${chart.title}](pictures/${chart.name}.png)`,
      `\`\`\`\n${text}\n\`\`\``,
      `Produced by \`${record.command}\`.`,
    ].join("\n\n");
    writeSection(join(settings.docs, "soak.md"), "soak", section);
  }
} catch (error) {
  if (!(error instanceof BenchError)) throw error;
  for (const line of errorLines(error)) process.stderr.write(`${line}\n`);
  process.exitCode = exitCodes.usage;
}
