import { capital, listing } from "../../bench/text/format.ts";
import { groupBy } from "../group-by.ts";
import type { Atlas, AtlasCell, AtlasColumn, AtlasConfiguration, AtlasProxy } from "./atlas.ts";
import type { Fault, Side } from "./side.ts";

/** A sentence in parts; what would be typed is code. */
export type Sentence = readonly Part[];

export interface Part {
  readonly text: string;
  readonly isCode: boolean;
}

function plain(text: string): Part {
  return { text, isCode: false };
}

function code(text: string): Part {
  return { text, isCode: true };
}

/** For a terminal: code between backticks. */
export function sentenceText(sentence: Sentence): string {
  return sentence.map(({ text, isCode }) => (isCode ? `\`${text}\`` : text)).join("");
}

/** What was found behind one proxy; what is the same for several transports is said once. */
export function proxySentences({ fronts }: Pick<Atlas, "fronts">, proxy: AtlasProxy): Sentence[] {
  const columns = fronts.flatMap((front) => front.columns);
  const said = proxy.configurations.flatMap((configuration) =>
    columns.flatMap((column) =>
      faultsToSay(proxy, configuration, column).map((fault) => ({
        column,
        configuration,
        sentence: faultSentence(proxy, configuration, column, inShort(fault)),
      })),
    ),
  );
  const alike = groupBy(said, ({ configuration, sentence }) =>
    JSON.stringify([configuration.name, sentence]),
  );
  return [...alike.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const { name } = first.configuration;
    const titles = columnsText(same.map(({ column }) => column));
    const whom = name === "default" ? titles : `${titles}, ${name}`;
    return [[plain(`${capital(whom)}: `), ...first.sentence, plain(".")]];
  });
}

/** Trials that found the same differ in their figures, and in which of several cures they came across first. */
function inShort(fault: Fault): Fault {
  return { ...fault, texts: fault.texts.slice(0, 1), cures: fault.cures.slice(0, 1) };
}

/** `SSE and WebSocket over HTTP/1.1 and HTTP/2`; HTTP/1.1 by itself goes without saying. */
export function columnsText(columns: readonly AtlasColumn[]): string {
  const fronts = [...groupBy(columns, ({ title }) => title)].map(([title, own]) => ({
    title,
    over: listing(own.map(({ front }) => front)),
  }));
  return [...groupBy(fronts, ({ over }) => over)]
    .map(([over, own]) => {
      const titles = listing(own.map(({ title }) => title));
      return over === "HTTP/1.1" ? titles : `${titles} over ${over}`;
    })
    .join("; ");
}

/** What a corrected proxy still does is said of the default one already. */
function faultsToSay(
  proxy: AtlasProxy,
  { name, cells }: AtlasConfiguration,
  column: AtlasColumn,
): readonly Fault[] {
  const faults = cells.get(column.name)?.side.faults ?? [];
  if (name !== "corrected") return faults;
  const before = cellIn(proxy, "default", column)?.side.faults ?? [];
  return faults.filter(({ kind }) => before.every((fault) => fault.kind !== kind));
}

/** `events come together, 20 at once; `X-Accel-Buffering: no` cured it; so does …` */
export function faultSentence(
  proxy: AtlasProxy,
  configuration: AtlasConfiguration,
  column: AtlasColumn,
  fault: Fault,
): Sentence {
  const { texts, found, told, cures, tried } = fault;
  const share = found < told ? ` (in ${found} of ${told} trials)` : "";
  const own = configuration.name === "default" ? ownCure(proxy, column, fault) : nothing;
  const cured = separated(cures.map(cureText), " or ");
  const inVain = tried === null ? [] : [plain(`; ${tried.replace(/^tried: /, "tried in vain: ")}`)];
  return [
    plain(texts.join(" / ") + share),
    ...(cures.length === 0 ? [] : [plain("; "), ...cured, plain(" cured it")]),
    ...(own.settings.length === 0
      ? []
      : cures.length === 0
        ? [plain("; "), ...own.settings, plain(` in its configuration cures it`)]
        : [plain("; so does "), ...own.settings, plain(" in its configuration")]),
    ...(cures.length > 0 ? [] : inVain),
    ...(own.remark === null ? [] : [plain(`; ${own.remark}`)]),
  ];
}

/** A field of a head is code; what an application does is said in words. */
function cureText(text: string): Part {
  return /^[\w-]+: /.test(text) ? code(text) : plain(text);
}

interface OwnCure {
  readonly settings: readonly Part[];
  /** What the corrected configuration has to say beside that. */
  readonly remark: string | null;
}

const nothing: OwnCure = { settings: [], remark: null };

/** What the proxy's own configuration does about a fault: settled by the trials with the corrected one. */
function ownCure(proxy: AtlasProxy, column: AtlasColumn, { kind }: Fault): OwnCure {
  const corrected = proxy.configurations.find(({ name }) => name === "corrected");
  const side = corrected?.cells.get(column.name)?.side;
  if (corrected === undefined || side === undefined || side.state === "not played") return nothing;
  const remains = side.faults.find((fault) => fault.kind === kind);
  if (remains !== undefined && remains.found === remains.told) {
    return { ...nothing, remark: "it remains with the corrected configuration" };
  }
  if (remains !== undefined) {
    const share = `${remains.found} of ${remains.told} trials`;
    return { ...nothing, remark: `it remains in ${share} with the corrected configuration` };
  }
  if (isUntold(side, kind)) {
    return { ...nothing, remark: "with the corrected configuration that can't be told" };
  }
  const settings = (corrected.recorded?.changes ?? [])
    .filter(({ cures }) => cures.includes(kind))
    .map(({ setting }) => code(setting));
  if (settings.length === 0) {
    return { ...nothing, remark: "it isn't there with the corrected configuration" };
  }
  return { settings: separated(settings, " with "), remark: null };
}

function isUntold({ state, untold }: Side, kind: string): boolean {
  return state !== "told" || untold.some((one) => one.kind === kind);
}

function separated(parts: readonly Part[], between: string): Part[] {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [plain(between), part]));
}

function cellIn(proxy: AtlasProxy, name: string, column: AtlasColumn): AtlasCell | undefined {
  return proxy.configurations
    .find((configuration) => configuration.name === name)
    ?.cells.get(column.name);
}

/** What is said of a proxy behind which nothing was found; null where something was, or nothing could be. */
export function nothingFound({ configurations }: AtlasProxy): string | null {
  const sides = configurations.flatMap(({ cells }) => [...cells.values()].map(({ side }) => side));
  const told = sides.filter(({ state }) => state === "told").length;
  if (told === 0) return sides.length === 0 ? null : "Nothing can be told.";
  if (sides.some(({ faults }) => faults.length > 0)) return null;
  return told === sides.length
    ? "Nothing was found."
    : `Nothing was found in ${told} of ${sides.length} cells; the others can't be told.`;
}
