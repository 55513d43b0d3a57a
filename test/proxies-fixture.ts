import type { RecordedProxy } from "../bench/results/recorded-proxies.ts";
import type { Figure, Results, Trial } from "../bench/results/schema.ts";
import { environment, figureOf, resultsOf, trialOf } from "./results-fixture.ts";

// Results of the scenario `proxy`, made by hand.

/** By kinds of faults: what was found; null for nothing, and a reason in brackets where that can't be told. */
type Findings = Readonly<Record<string, string | null>>;

interface MadeUpTrial extends Partial<Trial> {
  readonly found?: Findings;
  /** By kinds of faults; a reason in brackets where nothing helped. */
  readonly cured?: Findings;
  readonly idleMs?: number;
  readonly heldBytes?: number;
}

const kinds = ["refused", "buffered", "cut", "compressed"];

/** A trial in which all other kinds of faults were looked for and not found. */
export function proxyTrial(variant: string, made: MadeUpTrial = {}): Trial {
  const { found = {}, cured = {}, idleMs = 30_000, heldBytes = 0, ...overrides } = made;
  const idle: Partial<Figure> = { unit: "ms", label: "cut after", better: "neither" };
  return trialOf(variant, {
    scenario: "proxy",
    figures: [
      figureOf("held", heldBytes, { label: "held back" }),
      figureOf("idle", idleMs, found["cut"] === undefined ? { ...idle, bound: "at least" } : idle),
      ...kinds.flatMap((kind) => [
        wordsFigure(`found.${kind}`, found[kind] ?? null),
        ...(found[kind] === undefined ? [] : [wordsFigure(`cure.${kind}`, cured[kind] ?? null)]),
      ]),
    ],
    ...overrides,
  });
}

function wordsFigure(key: string, text: string | null): Figure {
  const why = text === null ? undefined : /^\((.*)\)$/.exec(text)?.[1];
  return figureOf(key, why === undefined ? text : null, {
    unit: "text",
    better: "neither",
    ...(why !== undefined && { note: why }),
  });
}

export function proxyOf(
  name: string,
  configuration: string,
  overrides: Partial<RecordedProxy> = {},
): RecordedProxy {
  return {
    name,
    configuration,
    program: `${name} 1.22.1`,
    about: `as ${name} comes`,
    files: [{ name: `${name}.conf`, text: `# ${configuration}\nhttp {\n  server {}\n}` }],
    changes: [],
    documented: [],
    ...overrides,
  };
}

export function proxyResults(trials: readonly Trial[], proxies: readonly RecordedProxy[]): Results {
  const titles: Readonly<Record<string, string>> = { sse: "SSE", websocket: "WebSocket" };
  const results = resultsOf(trials, { environment: { ...environment, proxies: [...proxies] } });
  return {
    ...results,
    variants: results.variants.map((variant) => ({
      ...variant,
      title: titles[variant.transport] ?? variant.transport,
    })),
    scenarios: [{ name: "proxy", summary: "What does it do?", workload: "1 client" }],
    cells: results.cells.map((cell) => Object.assign({}, cell, { scenario: "proxy" })),
  };
}

const stalled = "events come together, 20 at once, after 4,096 B";

/** Two proxies, three transports, over HTTP/1.1 and HTTP/2, with something of each kind. */
export const usualProxyResults: Results = proxyResults(
  [
    ...[1, 2].map((repetition) =>
      proxyTrial("sse+proxy=nginx", {
        repetition,
        heldBytes: 4_096,
        found: { buffered: stalled, cut: "cut after 60 s of silence", compressed: "(no request)" },
        cured: { buffered: "X-Accel-Buffering: no", cut: "heartbeats each 30 s" },
        idleMs: 60_003,
      }),
    ),
    proxyTrial("sse+proxy=nginx:corrected", { found: { compressed: "(no request)" } }),
    proxyTrial("websocket+proxy=nginx", {
      found: { refused: "answered by 200, without an upgrade", buffered: "(refused)" },
      cured: { refused: "(an application can do nothing about it)" },
    }),
    proxyTrial("websocket+proxy=nginx:corrected"),
    proxyTrial("sse+h2+proxy=nginx", {
      found: { buffered: stalled },
      cured: { buffered: "X-Accel-Buffering: no" },
    }),
    trialOf("sse+h2+proxy=nginx:corrected", {
      scenario: "proxy",
      outcome: { status: "failed", by: "machine", reason: "the proxy has ended", stderr: "bind()" },
    }),
    ...[1, 2, 3].map((repetition) =>
      proxyTrial("sse+proxy=caddy", {
        repetition,
        ...(repetition === 2 && {
          found: { compressed: "gzip, unasked" },
          cured: { compressed: "Cache-Control: no-transform" },
        }),
      }),
    ),
    proxyTrial("sse+proxy=caddy:corrected", {
      found: { compressed: "gzip, unasked" },
      cured: { compressed: "Cache-Control: no-transform" },
    }),
    proxyTrial("websocket+proxy=caddy", {
      outcome: { status: "invalid" },
      warnings: [{ code: "steal", phase: "steady", detail: "2.7 % of processor time" }],
    }),
    proxyTrial("websocket+proxy=caddy:corrected", {
      found: Object.fromEntries(kinds.map((kind) => [kind, "(the probe has no such client)"])),
    }),
  ],
  [
    proxyOf("nginx", "default", {
      documented: [
        {
          fault: "buffered",
          says: "proxy_buffering is on",
          source: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering",
        },
        { fault: "reload", says: "old workers end in order", source: "man nginx" },
      ],
    }),
    proxyOf("nginx", "corrected", {
      changes: [
        { setting: "proxy_buffering off", cures: ["buffered"], source: "https://nginx.org/a" },
        { setting: "proxy_read_timeout 1h", cures: ["cut"], source: "https://nginx.org/b" },
        { setting: "proxy_set_header Upgrade $http_upgrade", cures: ["refused"], source: "man" },
      ],
    }),
    proxyOf("caddy", "default", { program: "Caddy 2.6.2" }),
    proxyOf("caddy", "corrected", { program: "Caddy 2.6.2" }),
  ],
);
