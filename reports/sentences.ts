import { differ, isRanked } from "../bench/statistics/between.ts";
import { capital, columnFormat, listing, round, signed, unitText } from "../bench/text/format.ts";
import type { ColumnFormat } from "../bench/text/format.ts";
import { placesOf } from "./groups.ts";
import { precisionSentences } from "./precision.ts";
import { bestOf, ratioOf } from "./ranking.ts";
import type { Ranked } from "./ranking.ts";
import { stepOf } from "./relative.ts";
import type { Run } from "./run.ts";
import type { ScenarioSummary, Summary } from "./summary.ts";
import type { Column, Words } from "./cells.ts";
import { variantSentences } from "./variant-sentences.ts";

interface Standing extends Ranked {
  /** By which the sentence calls the variant. */
  readonly title: string;
  readonly isRange: boolean;
  /** Whether it is the first of its transport's variants. */
  readonly isBase: boolean;
}

/** What all runs found, each by itself: what lies between two runs is mostly the time between them. */
export function findings(runs: readonly Run[], { scenarios }: Summary): string[] {
  return runs.flatMap(({ label, results }) => {
    const found = [
      ...explainedOnce(scenarios.flatMap((scenario) => sentences(scenario, label))),
      ...variantSentences(scenarios, label),
      ...precisionSentences(results.run.precision),
    ];
    return label === null ? found : found.map((sentence) => `${label}: ${sentence}`);
  });
}

const floor = "the floor";
const floorInShort = "the least that machine and harness need";

/** A reader meets the floor for the first time where it first stands. */
function explainedOnce(texts: readonly string[]): string[] {
  const first = texts.findIndex((text) => text.includes(`; ${floor}`));
  return texts.map((text, index) =>
    index === first ? text.replace(`; ${floor}`, `; ${floor}, ${floorInShort},`) : text,
  );
}

/** What a scenario found in one run, in plain sentences that claim no more than the intervals allow. */
export function sentences(scenario: ScenarioSummary, run: string | null = null): string[] {
  return scenario.tables.flatMap(({ columns, rows: all }) => {
    const places = placesOf(all);
    return columns.flatMap((column, index) => {
      if (!column.headline) return [];
      const known = all.flatMap(({ variant, title, reference, cells, ...row }) => {
        const cell = cells[index];
        if (row.run !== run || cell?.estimate == null) return [];
        const { estimate, atLeast, isRange } = cell;
        const isBase = places.get(variant)?.base === variant;
        return [{ title, reference, estimate, atLeast, isRange, isBase }];
      });
      const standings = known.filter(({ reference }) => !reference);
      if (standings.length === 0) return [];
      const below = known.find(({ reference }) => reference) ?? null;
      return [new Sentence(scenario.name, column, standings, below).text()];
    });
  });
}

/** A sentence that names more variants than these is read by no one. */
const maxNamed = 7;

/** One figure of several variants. */
class Sentence {
  readonly #column: Column;
  readonly #words: Words;
  readonly #all: readonly Standing[];
  readonly #floor: Standing | null;
  readonly #format: ColumnFormat;

  constructor(scenario: string, column: Column, all: readonly Standing[], below: Standing | null) {
    this.#column = column;
    this.#words = column.words ?? wordsFor(scenario, column);
    this.#all = all;
    this.#floor = below;
    const shown = [...all, ...(below === null ? [] : [below])];
    this.#format = columnFormat(
      column.unit,
      shown.map(({ estimate }) => estimate.median),
    );
  }

  text(): string {
    const best = bestOf(this.#all, this.#column.better);
    const others = this.#all.filter((standing) => standing !== best);
    const behind = best === null ? [] : others.filter((standing) => this.#differs(standing, best));
    if (best === null || behind.length === 0) return finished(this.#listed(best));
    const equals = others.filter((standing) => !behind.includes(standing));
    return finished([
      filled(this.#words.leads, this.#value(best), best.title) + this.#tied(equals),
      this.#named(inOrder(behind, this.#column), (standing) => this.#against(standing, best)),
      ...this.#aboveFloor(best),
    ]);
  }

  /** What each has, in the order of the table, where none can be called better than another. */
  #listed(best: Standing | null): string[] {
    const values = new Set(this.#all.map((standing) => this.#value(standing)));
    const [first, ...others] = this.#all;
    if (first === undefined) return [];
    const start = filled(this.#words.states, this.#value(first), first.title);
    if (others.length === 0) return [`${start} with ${first.title}`, ...this.#aboveFloor(first)];
    if (values.size === 1) return [`${start} with every variant`, ...this.#floorText()];
    const named = (standing: Standing): string =>
      `${standing === first ? start : this.#value(standing)} with ${standing.title}`;
    return [this.#named(this.#all, named), ...this.#whyUnranked(best), ...this.#floorText()];
  }

  #whyUnranked(best: Standing | null): string[] {
    if (best !== null) {
      return this.#all.length === 2
        ? ["these can't be told apart"]
        : [`none can be told apart from ${best.title}`];
    }
    const { better } = this.#column;
    if (better === "neither" || this.#all.some(({ atLeast }) => atLeast)) return [];
    if (this.#all.every(({ estimate }) => isRanked(estimate))) return [];
    return this.#all.every(({ estimate }) => !isRanked(estimate))
      ? ["one trial each, which can't rank timings"]
      : ["single trials among them can't be ranked"];
  }

  /** Who may be as good as the best. */
  #tied(equals: readonly Standing[]): string {
    if (equals.length === 0) return "";
    const named = this.#named(inOrder(equals, this.#column), (standing) =>
      equals.length === 1
        ? `${standing.title}, ${this.#value(standing)},`
        : `${this.#value(standing)} with ${standing.title}`,
    );
    return ` (${named} can't be told apart from it)`;
  }

  /** Whether they are told apart, and by more than their digits hide. */
  #differs({ estimate }: Standing, best: Standing): boolean {
    const step = stepOf([estimate, best.estimate], this.#format);
    const difference = estimate.median - best.estimate.median;
    return differ(estimate, best.estimate) && signed(difference, this.#format, step) !== "0";
  }

  #against(standing: Standing, best: Standing): string {
    return `${this.#value(standing)} with ${standing.title} (${this.#distance(standing, best)})`;
  }

  /** As a ratio where that has a sense, and else as a difference. */
  #distance({ estimate }: Standing, best: Standing): string {
    const ratio = Number(ratioOf(estimate, best.estimate)?.toPrecision(2) ?? 1);
    if (ratio !== 1) return `${round(ratio)} times that`;
    const difference = Math.abs(estimate.median - best.estimate.median);
    const more = estimate.median > best.estimate.median ? "more" : "less";
    return `${this.#number(difference, stepOf([estimate, best.estimate], this.#format))} ${more}`;
  }

  /** There is a floor only under what had better be low, and only if it was found itself. */
  #floorText(): string[] {
    const below = this.#floor;
    if (below === null || this.#column.better !== "lower") return [];
    if ([...this.#all, below].some(({ atLeast }) => atLeast)) return [];
    return [`${floor} is ${this.#value(below)} with ${below.title}`];
  }

  /** The same beside who comes nearest to it. */
  #aboveFloor(best: Standing): string[] {
    const [text] = this.#floorText();
    const below = this.#floor;
    if (text === undefined || below === null) return [];
    const isKnown = isRanked(best.estimate) && isRanked(below.estimate);
    return isKnown && !differ(best.estimate, below.estimate)
      ? [`${text}, from which ${best.title} can't be told apart`]
      : [text];
  }

  /**
   * Each of few. Of many the first of each transport's variants, or of one transport's the first; the others are
   * counted.
   */
  #named(standings: readonly Standing[], named: (standing: Standing) => string): string {
    if (this.#all.length <= maxNamed) return listing(standings.map(named));
    const isOfOne = this.#all.filter(({ isBase }) => isBase).length < 2;
    const bases = standings.filter(({ isBase }) => isBase);
    const chosen = isOfOne || bases.length === 0 ? standings : bases;
    const most = standings.length <= maxNamed ? maxNamed : maxNamed - 1;
    const texts = chosen.slice(0, most).map(named);
    const more = standings.length - texts.length;
    return listing(more === 0 ? texts : [...texts, `${more} more`]);
  }

  #value({ estimate: { median, interval }, atLeast, isRange }: Standing): string {
    const most = isRange && interval !== null ? ` to ${this.#number(interval.high)}` : "";
    const least = most === "" ? this.#number(median) : this.#format.number(median);
    return `${atLeast ? "at least " : ""}${least}${most}`;
  }

  #number(value: number, step = 0): string {
    return this.#format.number(value, step) + unitText(this.#column.unit, this.#format);
  }
}

/** What can be said of a figure for which its scenario has no words. */
function wordsFor(scenario: string, { label, better }: Column): Words {
  const name = `${scenario}, ${label.replaceAll("\n", " ")}`;
  return {
    states: `${name} is {value}`,
    leads: `${name} is ${better === "higher" ? "highest" : "lowest"} with {variant}: {value}`,
  };
}

function filled(words: string, value: string, variant: string): string {
  return words.replaceAll(/\{(value|variant)\}/g, (_, name) =>
    name === "value" ? value : variant,
  );
}

/** The best first. */
function inOrder(standings: readonly Standing[], { better }: Column): Standing[] {
  const sign = better === "higher" ? -1 : 1;
  return standings.toSorted((a, b) => sign * (a.estimate.median - b.estimate.median));
}

function finished(parts: readonly string[]): string {
  return `${capital(parts.join("; "))}.`;
}
