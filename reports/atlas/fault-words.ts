/** How a cell tells a kind of fault. Kinds that aren't here are told by their names. */
export interface FaultWords {
  /** In a cell; `{idle}` stands for how long a silent connection lives. */
  readonly word: string;
  /** In a list of what may be wrong. */
  readonly title: string;
  /** Whether messages don't come, or not in time: then the transport is of no use behind such a proxy. */
  readonly isGrave: boolean;
}

/** The gravest first: a cell has room for one. */
const known: ReadonlyMap<string, FaultWords> = new Map([
  ["refused", { word: "refused", title: "refused", isGrave: true }],
  ["buffered", { word: "buffered", title: "events gather", isGrave: true }],
  ["cut", { word: "cut after {idle}", title: "silent connections are cut", isGrave: true }],
  ["delayed", { word: "late", title: "events come late", isGrave: true }],
  ["head", { word: "head late", title: "the head waits for an event", isGrave: false }],
  ["reload", { word: "cut by reload", title: "its own reload is noticed", isGrave: false }],
  [
    "gone-client",
    {
      word: "end not told",
      title: "the server isn't told that its client has gone",
      isGrave: false,
    },
  ],
  [
    "gone-server",
    {
      word: "end not told",
      title: "the client isn't told that its server has gone",
      isGrave: false,
    },
  ],
  ["compressed", { word: "compressed", title: "compressed unasked", isGrave: false }],
]);

export function wordsOf(kind: string): FaultWords {
  return known.get(kind) ?? { word: kind, title: kind, isGrave: true };
}

/** Its place among all kinds, from the gravest on. */
export function rankOf(kind: string): number {
  const place = [...known.keys()].indexOf(kind);
  return place < 0 ? known.size : place;
}
