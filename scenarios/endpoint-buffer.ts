import type { EndpointMeasured, TokenGroup } from "./scenario.ts";

/*
 * Whether something holds tokens back, told from outside. When a token was due, only the server knows, and one that sends
 * in bursts looks much like one whose tokens are held back. Two things tell them apart:
 *
 * - Who sends events, sends whole ones. Pieces that end within an event were cut by somebody who counts bytes: a buffer
 *   that was full. After a silence, and of about one size, they are what it let go.
 * - Whole answers that come at once, after a silence, from a server by whose name proxies are known that hold answers
 *   back. A server may do so by itself: then it is told with less certainty.
 *
 * Everything else counts as the server's own way, however irregular.
 */

/** What is held back, and how that is known. */
export interface Held {
  /** The most tokens that came at once. */
  readonly tokens: number;
  /** What the buffer holds; null where only whole answers were seen. */
  readonly bytes: number | null;
  /** Who it looks like, as that names itself; null where nobody does. */
  readonly by: string | null;
  /** What to try: in the words of that program. */
  readonly cure: string;
  readonly reasons: readonly string[];
}

/** A piece has to end a silence: what comes sooner may be one write that was read in parts. */
const silenceMs = 5;

/** Tokens of a piece, below which it is no burst. */
const fewTokens = 4;

/** So many pieces have to be cut within an event, and this share of all that are full. */
const fewPieces = 3;
const cutShare = 0.8;

/** Sizes of one buffer differ by the framing that it holds along with what is passed on. */
const sizeSpread = 0.15;

/** Whole answers that come at once: so many, after a silence of at least this, of so many tokens. */
const wholeAnswers = 3;
const wholeSilenceMs = 100;
const wholeTokens = 8;

/** Programs that hold answers back unless they are told not to, and what tells them. */
const known: readonly (readonly [name: RegExp, cure: string])[] = [
  [/nginx|openresty|tengine/i, "proxy_buffering off, or X-Accel-Buffering: no from the server"],
  [/varnish/i, "set beresp.do_stream = true, and no gzip"],
  [/apache/i, "mod_proxy with flushpackets=on"],
  [/cloudflare|cloudfront|akamai|fastly/i, "no compression and no cache for this path"],
];

const otherCure = "see what stands in front of it by doctor --through";

/** Looks for what holds tokens back; null where nothing shows that. */
export function heldBack({
  groups,
  fields,
}: Pick<EndpointMeasured, "groups" | "fields">): Held | null {
  const named = [fields["server"], fields["via"]].find((field) => cureFor(field) !== null) ?? null;
  return heldBySize(groups, named) ?? heldWhole(groups, named);
}

/** Pieces that were let go when a buffer was full. */
function heldBySize(groups: readonly TokenGroup[], by: string | null): Held | null {
  // The last of an answer ends with it, and the first has its head in front.
  const inner = byAnswer(groups).flatMap((answer) => answer.slice(1, -1));
  const full = inner.filter(({ quietMs, tokens }) => quietMs >= silenceMs && tokens >= fewTokens);
  const cut = full.filter(({ isWhole }) => !isWhole);
  if (cut.length < fewPieces || cut.length < cutShare * full.length) return null;
  const sizes = cut.map(({ bytes }) => bytes).toSorted((a, b) => a - b);
  const [least = 0] = sizes;
  const most = sizes.at(-1) ?? 0;
  if (least < (1 - sizeSpread) * most) return null;
  const middle = sizes[Math.floor(sizes.length / 2)] ?? most;
  const bytes = pageSize(most) ?? middle;
  return {
    tokens: mostOf(full),
    bytes,
    by,
    cure: cureFor(by) ?? otherCure,
    reasons: [
      `${cut.length} of ${full.length} pieces that came after a silence end within an event, as who sends events doesn't`,
      `they have ${least === most ? whole(most) : `${whole(least)} to ${whole(most)}`} B`,
      ...(by === null ? ["nobody names itself: it may be a buffer of the server's own"] : []),
    ],
  };
}

/** Answers that came at once. */
function heldWhole(groups: readonly TokenGroup[], by: string | null): Held | null {
  if (by === null) return null;
  const answers = byAnswer(groups);
  const isAtOnce = ([first, ...rest]: readonly TokenGroup[]): boolean =>
    first !== undefined &&
    rest.every(({ tokens }) => tokens === 0) &&
    first.tokens >= wholeTokens &&
    first.quietMs >= wholeSilenceMs;
  if (answers.length < wholeAnswers || !answers.every(isAtOnce)) return null;
  return {
    tokens: mostOf(groups),
    bytes: null,
    by,
    cure: cureFor(by) ?? otherCure,
    reasons: [
      `each of ${answers.length} answers came whole, at once, after a silence`,
      "a server that sends its answers so by itself would look the same",
    ],
  };
}

/** In one line, as a figure's text. */
export function heldText({ tokens, bytes, by, cure }: Held): string {
  const how = bytes === null ? "with the answer's end" : `every ${whole(bytes)} B`;
  const who = by === null ? "looks held back" : `looks held back by ${by}`;
  return `tokens come ${tokens} at once, ${how}: ${who}; ${cure}`;
}

function byAnswer(groups: readonly TokenGroup[]): TokenGroup[][] {
  const answers = new Map<number, TokenGroup[]>();
  for (const group of groups) {
    const before = answers.get(group.answer);
    if (before === undefined) answers.set(group.answer, [group]);
    else before.push(group);
  }
  return [...answers.values()];
}

function mostOf(groups: readonly TokenGroup[]): number {
  return groups.reduce((most, { tokens }) => Math.max(most, tokens), 0);
}

/** The size of a buffer of whole pages, of which a little was something else; null where it is none. */
function pageSize(bytes: number): number | null {
  for (let size = 4_096; size <= 131_072; size *= 2) {
    if (bytes <= size && bytes > (1 - sizeSpread) * size) return size;
  }
  return null;
}

function cureFor(field: string | null | undefined): string | null {
  if (field === null || field === undefined) return null;
  return known.find(([name]) => name.test(field))?.[1] ?? null;
}

function whole(bytes: number): string {
  return bytes.toLocaleString("en-US");
}
