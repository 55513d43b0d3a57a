/** How a cell tells a kind of fault. Kinds that aren't here are told by their names. */
export interface FaultWords {
  /** In a cell; `{idle}` stands for how long a silent connection lives. */
  readonly word: string;
  /** In a list of what may be wrong. */
  readonly title: string;
  /** What documentation speaks of, whatever it says. */
  readonly topic: string;
  /** Whether messages don't come, or not in time: then the transport is of no use behind such a proxy. */
  readonly isGrave: boolean;
}

const endNotTold = "end not told";

/** The gravest first: a cell has room for one. */
const known: ReadonlyMap<string, FaultWords> = new Map([
  words("refused", "refused", "refused", "who is refused", true),
  words("buffered", "buffered", "events gather", "buffers", true),
  words("cut", "cut after {idle}", "silent connections are cut", "silent connections", true),
  words("delayed", "late", "events come late", "delays", true),
  words("upgrade", "no upgrade", "no upgrade", "upgrades", false),
  words("head", "head late", "the head waits for an event", "heads of answers", false),
  words("reload", "cut by reload", "its own reload is noticed", "its own reload", false),
  words(
    "gone-client",
    endNotTold,
    "the server isn't told that its client has gone",
    "a client that goes",
    false,
  ),
  words(
    "gone-server",
    endNotTold,
    "the client isn't told that its server has gone",
    "a server that goes",
    false,
  ),
  words("compressed", "compressed", "compressed unasked", "compression", false),
]);

function words(
  kind: string,
  word: string,
  title: string,
  topic: string,
  isGrave: boolean,
): [string, FaultWords] {
  return [kind, { word, title, topic, isGrave }];
}

export function wordsOf(kind: string): FaultWords {
  return known.get(kind) ?? { word: kind, title: kind, topic: kind, isGrave: true };
}

/** Its place among all kinds, from the gravest on. */
export function rankOf(kind: string): number {
  const place = [...known.keys()].indexOf(kind);
  return place < 0 ? known.size : place;
}
