/** A part of the proof: each of its variants at each of its rates. */
export interface TokenPart {
  readonly name: "relay" | "nginx" | "clean";
  /** What is planted, in a sentence's words. */
  readonly what: string;
  readonly variants: readonly string[];
  /** Tokens a second. */
  readonly rates: readonly number[];
  /** For `--network`; null for none. */
  readonly network: string | null;
}

export const heldMs = 500;

/** More than comes in that time. */
const heldBytes = "256KiB";

const post = ["sse+method=post", "streaming+method=post"];

export const tokenParts: readonly TokenPart[] = [
  {
    name: "relay",
    what: `a relay that holds what comes down for ${heldMs} ms`,
    variants: ["websocket", "sse", "sse+tls", ...post],
    rates: [20, 80],
    network: `relay:hold=${heldBytes}:${heldMs}ms`,
  },
  {
    name: "nginx",
    what: "nginx that buffers, as Debian has it",
    variants: ["sse", "streaming", ...post].map((variant) => `${variant}+proxy=nginx`),
    rates: [80],
    network: null,
  },
  {
    name: "clean",
    what: "nothing",
    variants: ["websocket", "websocket+tls", "sse", "sse+h2", "long-polling", ...post],
    rates: [20, 80, 300],
    network: null,
  },
];

/** How often each variant is played at each rate, for so many trials of a part at least. */
export function trialsOfEach({ variants, rates }: TokenPart, wanted: number): number {
  return Math.ceil(wanted / (variants.length * rates.length));
}

/** How one part is played at one rate, by `bench run`. */
export function argumentsFor(
  part: TokenPart,
  rate: number,
  {
    trials,
    adapter,
    out,
  }: { readonly trials: number; readonly adapter: string; readonly out: string },
): string[] {
  const played =
    "--scenarios token-watch --duration 2s --warmup 300ms --extra-trials 0 --no-report --quiet";
  return [
    "run",
    ...played.split(" "),
    "--adapters",
    adapter,
    "--transports",
    part.variants.join(),
    "--rate",
    String(rate),
    "--trials",
    String(trials),
    "--out",
    out,
    ...(part.network === null ? [] : ["--network", part.network]),
  ];
}
