import type { Chart, Point, Series, Style } from "../reports/charts/chart.ts";

// Charts made by hand, of every kind and with what makes them hard to draw.

const names = ["websocket", "sse", "long-polling", "short-polling@1s", "tcp"] as const;

const styles: readonly Style[] = [
  { colour: 0, dash: 0, marker: 0 },
  { colour: 1, dash: 0, marker: 1 },
  { colour: 2, dash: 0, marker: 2 },
  { colour: 3, dash: 0, marker: 3 },
  { colour: "floor", dash: 0, marker: 7 },
];

function styleAt(index: number): Style {
  return styles[index % styles.length] ?? { colour: "floor", dash: 0, marker: 0 };
}

export function pointOf(at: number, value: number, more: Partial<Point> = {}): Point {
  return { at, value, interval: null, detail: "", style: null, ...more };
}

const nothing = { scale: "linear", names: [], unit: "" } as const;

/** Latency by percentile, logarithmic both ways. */
export const percentiles: Chart = {
  name: "latency-percentiles",
  scenario: "latency",
  title:
    "Half of the deliveries come within 1.5 ms with websocket, sse and tcp, and within 500 ms with short-polling@1s",
  caption:
    "Delivery latency of 50 clients, 20 messages per second of 256 bytes; merged histograms of 3 valid trials",
  kind: "line",
  along: { ...nothing, title: "share of deliveries", scale: "percentile" },
  value: { ...nothing, title: "delivery latency, ms", unit: "ms", scale: "log" },
  series: names.map((name, index): Series => {
    const base = [1.35, 1.45, 2.4, 480, 1.2][index] ?? 1;
    const points = Array.from({ length: 49 }, (_, step) => {
      const at = 10 ** (step / 16);
      const value = name.startsWith("short")
        ? 1000 * (1 - 1 / at) + 6
        : base * at ** 0.22 * (1 + 0.05 * Math.sin(step));
      return pointOf(at, value, { detail: "3 trials, 7 500 deliveries" });
    });
    return { name, style: styleAt(index), points };
  }),
  notes: ["Above 99.9 % there are fewer than ten deliveries a trial, and nothing is drawn."],
};

/** Three figures of each variant, with intervals. */
export const dots: Chart = {
  name: "latency-variants",
  scenario: "latency",
  title: "websocket, sse and tcp can't be told apart at the median; long-polling takes 1 ms longer",
  caption: "Delivery latency: medians over 6 trials, with intervals of 95 %",
  kind: "dots",
  along: { ...nothing, title: "variant", scale: "category", names },
  value: { ...nothing, title: "delivery latency, ms", unit: "ms", scale: "log" },
  series: ["p50", "p90", "p99"].map((name, figure) => ({
    name,
    style: { colour: figure, dash: 0, marker: figure },
    points: names.map((name, row) => {
      const value = ([1.35, 1.45, 2.4, 480, 1.2][row] ?? 1) * 1.9 ** figure;
      return pointOf(row, value, {
        interval: { low: value * 0.88, high: value * (1.15 + figure / 10) },
        detail: `${name}\n6 trials`,
        style: styleAt(row),
      });
    }),
  })),
  notes: [],
};

const parts = ["payload", "set-up", "headers and framing", "empty polls", "heartbeats", "upstream"];

/** Bytes by part. */
export const stacked: Chart = {
  name: "bytes-parts",
  scenario: "overhead",
  title: "A message of 256 bytes costs 262 bytes with websocket and 1 140 with short-polling@1s",
  caption: "Bytes on the wire per delivered message, medians over 3 trials",
  kind: "bars",
  stacked: true,
  along: { ...nothing, title: "variant", scale: "category", names },
  value: { ...nothing, title: "bytes per delivered message", unit: "bytes", scale: "linear" },
  series: parts.map((name, part) => ({
    name,
    style:
      part === 0
        ? { colour: "floor", dash: 0, marker: 0 }
        : { colour: part, dash: 0, marker: part },
    points: names.flatMap((_, row) => {
      const value = part === 0 ? 256 : ([6, 30, 220, 400, 0][row] ?? 0) / (part + 0.5);
      return value === 0 ? [] : [pointOf(row, value)];
    }),
  })),
  notes: ["short-polling@1s: empty polls are those that brought no message."],
};

/** One series, each bar in its variant's colour. */
export const bars: Chart = {
  ...stacked,
  stacked: false,
  name: "cpu",
  title: "short-polling@1s takes 6 times the CPU of websocket on the server",
  caption:
    "CPU time of the server per 1 000 deliveries, medians over 6 trials with intervals of 95 %",
  value: { ...nothing, title: "CPU ms per 1 000 deliveries", unit: "ms", scale: "linear" },
  series: [
    {
      name: "server",
      style: styleAt(0),
      points: names.map((_, row) => {
        const value = [11, 13, 31, 66, 7][row] ?? 1;
        const interval = { low: value * 0.9, high: value * 1.2 };
        return pointOf(row, value, { interval, style: styleAt(row) });
      }),
    },
  ],
  notes: [],
};

/** Lines that cross, and the words where they do. */
export const crossings: Chart = {
  name: "bytes-over-rate",
  scenario: "rate",
  title: "Below 0.8 messages per second and client, long-polling is cheaper than short-polling@1s",
  caption: "Bytes per second and client over message rate; 20 clients",
  kind: "line",
  along: { ...nothing, title: "messages per second", unit: "per second", scale: "log" },
  value: { ...nothing, title: "bytes per second and client", unit: "bytes/s", scale: "log" },
  series: names.map((name, index) => ({
    name,
    style: styleAt(index),
    points: [0.1, 0.3, 1, 3, 10, 30].map((at) => {
      const base = [2, 4, 10, 700, 1][index] ?? 1;
      const value = base + at * ([262, 290, 1100, 380, 258][index] ?? 1);
      return pointOf(at, value, { interval: { low: value * 0.9, high: value * 1.1 } });
    }),
  })),
  marks: [
    { at: 0.96, value: 1065, text: "from 0.96 messages per second short-polling@1s is cheaper" },
    { at: 30, value: 7862, text: "websocket ended here: the server had no CPU left" },
    { at: 0.12, value: 36, text: "crossing three" },
    { at: 0.13, value: 38, text: "crossing four, right beside it" },
  ],
  notes: [],
};

/** Forty rows. */
export const forty: Chart = {
  ...dots,
  name: "forty-variants",
  title: "Of forty variants none can be told apart",
  along: {
    ...dots.along,
    names: Array.from(
      { length: 40 },
      (_, row) => `sse+h2+tls:eventsource@${row}s+option-with-a-long-name`,
    ),
  },
  series: dots.series.map((series, figure) => ({
    ...series,
    points: Array.from({ length: 40 }, (_, row) =>
      pointOf(row, (1 + (row % 7)) * 1.9 ** figure, { style: styleAt(row) }),
    ),
  })),
};

/** Made by someone who doesn't mean well. */
export const hostile: Chart = {
  ...dots,
  name: "../../etc/passwd",
  title: `<img src=x onerror=alert(1)> \u202Edrawkcab\u0000 ${"x".repeat(10_000)}`,
  caption: "‮".repeat(50),
  along: { ...dots.along, names: ["</script>", "x".repeat(10_000), "Ωμέγα\nЖук", "漢字🙂", ""] },
  notes: ["\u2028", "y ".repeat(5_000)],
};

/** Nothing that could be drawn. */
export const empty: Chart = {
  ...percentiles,
  name: "empty",
  series: [],
  notes: ["No valid trial."],
};

export const sampleCharts: readonly Chart[] = [
  percentiles,
  dots,
  stacked,
  bars,
  crossings,
  forty,
  hostile,
  empty,
];
