import Table from "cli-table3";
import { shareText, shareWithInterval } from "./share.ts";
import { changes, noises } from "./simulation.ts";
import type { Share } from "./share.ts";
import type { Simulation, Tally } from "./simulation.ts";
import { shapes } from "./world.ts";
import { wholePercent } from "../../bench/text/format.ts";

/** The simulation's tables, each with what stands above it. */
export function simulationTables(simulation: Simulation): string[] {
  const { settings, unchanged, changed, byPairs, atDetectable, rules } = simulation;
  const fewer = Math.ceil(settings.checks / 4);
  return [
    `Nothing has changed, three gating metrics, ${settings.checks} checks a row; false alarms with their 95 % interval:`,
    outcomeTable(unchanged),
    `p50 is worse: how often it is found and named, ${fewer} checks each:`,
    changedTable(changed, ({ named }) => named),
    `The same checks: how often they pass, neither failing nor inconclusive:`,
    changedTable(changed, ({ pass }) => pass),
    `A fixed number of pairs instead, judged once, noise 5 %, ${settings.checks} checks each:`,
    tableOf(
      ["pairs", "false alarms", "+20 % found"],
      byPairs.map(({ pairs, unchanged, changed }) => [
        String(pairs),
        shareWithInterval(unchanged.regressed),
        shareWithInterval(changed.named),
      ]),
    ),
    `A worsening that half of the unchanged checks reported as detectable in four of five cases, ${fewer} checks each:`,
    tableOf(
      ["trials", "noise", "worsening", "found"],
      atDetectable.map(({ world, named }) => [
        world.shape.name,
        wholePercent(world.noise),
        wholePercent(world.change),
        shareWithInterval(named),
      ]),
    ),
    `Other rules, with drift, heavy tails and stalls: false alarms by noise, and how often +20 % is found at a noise of 5 %:`,
    tableOf(
      ["rule", ...noises.map((noise) => `noise ${wholePercent(noise)}`), "+20 %"],
      rules.map(({ rule, falseAlarms, found }) =>
        [rule].concat(falseAlarms.map(shareText), shareText(found)),
      ),
    ),
  ];
}

/** Something that is asked of the rule, with what it does. */
export interface Aim {
  readonly text: string;
  readonly isMet: boolean;
}

export function aimsOf({ unchanged, byPairs, changed }: Simulation): Aim[] {
  const worst = Math.max(...unchanged.map(({ regressed }) => regressed.hits / regressed.total));
  const isAim = ({ world }: Tally): boolean =>
    world.shape === shapes.calm && world.noise === 0.05 && world.change === 0.2;
  const found = [
    { rule: "ten pairs", share: byPairs.find(({ pairs }) => pairs === 10)?.changed.named },
    { rule: "the rule itself", share: changed.find(isAim)?.named },
  ];
  return [
    {
      text: `False alarms, at most 1 % of all checks: ${(worst * 100).toFixed(2)} % in the worst row`,
      isMet: worst <= 0.01,
    },
    ...found.map(({ rule, share }) => ({
      text: `+20 % of p50 at a noise of 5 %, found by ${rule} in at least 95 %: ${share === undefined ? "n/a" : shareText(share)}`,
      isMet: share !== undefined && share.hits / share.total >= 0.95,
    })),
  ];
}

function outcomeTable(tallies: readonly Tally[]): string {
  return tableOf(
    ["trials", "noise", "false alarms", "pass", "improved", "inconclusive", "pairs", "detectable"],
    tallies.map((tally) => [
      tally.world.shape.name,
      wholePercent(tally.world.noise),
      shareWithInterval(tally.regressed),
      shareText(tally.pass),
      shareText(tally.improved),
      shareText(tally.inconclusive),
      tally.meanPairs.toFixed(1),
      tally.detectable === null ? "n/a" : wholePercent(tally.detectable),
    ]),
  );
}

function changedTable(tallies: readonly Tally[], shareOf: (tally: Tally) => Share): string {
  const places = tallies.filter(({ world }) => world.change === changes[0]);
  return tableOf(
    ["trials", "noise", ...changes.map((change) => `+${wholePercent(change)}`)],
    places.map(({ world: { shape, noise } }) => {
      const alike = tallies.filter(({ world }) => world.shape === shape && world.noise === noise);
      return [shape.name, wholePercent(noise)].concat(
        alike.map((tally) => shareText(shareOf(tally))),
      );
    }),
  );
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [], compact: true },
    colAligns: head.map((_, column) => (column === 0 ? "left" : "right")),
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}
