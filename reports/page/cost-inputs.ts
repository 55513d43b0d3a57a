/** A number that a workload is described by, as the calculator asks for it. */
export interface InputDefinition {
  readonly key:
    | "clients"
    | "messagesPerSecond"
    | "payloadBytes"
    | "pollIntervalMs"
    | "reconnectsPerDay"
    | "pricePerGB";
  readonly label: string;
  /** Behind the number; empty where the label says it. */
  readonly unit: string;
  /** What may be asked for at all. */
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
  /** What the slider reaches; below its least value a slider that begins at 0 has only that. */
  readonly slider: { readonly from: number; readonly to: number; readonly withZero: boolean };
}

export const inputDefinitions: readonly InputDefinition[] = [
  {
    key: "clients",
    label: "Clients",
    unit: "",
    min: 1,
    max: 1e9,
    whole: true,
    slider: { from: 1, to: 1e6, withZero: false },
  },
  {
    key: "messagesPerSecond",
    label: "Messages per second to each client",
    unit: "",
    min: 0,
    max: 1e6,
    whole: false,
    slider: { from: 0.001, to: 1_000, withZero: true },
  },
  {
    key: "payloadBytes",
    label: "Payload of a message",
    unit: "B",
    min: 0,
    max: 1e9,
    whole: true,
    slider: { from: 1, to: 1e6, withZero: false },
  },
  {
    key: "pollIntervalMs",
    label: "Poll interval",
    unit: "ms",
    min: 1,
    max: 1e9,
    whole: false,
    slider: { from: 100, to: 100_000, withZero: false },
  },
  {
    key: "reconnectsPerDay",
    label: "Reconnects of each client per day",
    unit: "",
    min: 0,
    max: 1e6,
    whole: false,
    slider: { from: 0.1, to: 10_000, withZero: true },
  },
  {
    key: "pricePerGB",
    label: "Price of a GB",
    unit: "",
    min: 0,
    max: 1e6,
    whole: false,
    slider: { from: 0.001, to: 1, withZero: true },
  },
];

/** How far a slider goes, in steps. */
export const sliderSteps = 200;

/** The value at a position: each step by the same factor, rounded to two digits that people would say. */
export function valueAt(position: number, { slider, whole }: InputDefinition): number {
  const { from, to, withZero } = slider;
  if (withZero && position <= 0) return 0;
  const value = from * (to / from) ** (position / sliderSteps);
  const rounded = Number(value.toPrecision(2));
  return whole ? Math.round(rounded) : rounded;
}

/** The position nearest to a value; an end, where the value lies beyond it. */
export function positionOf(value: number, { slider }: InputDefinition): number {
  const { from, to } = slider;
  if (value <= 0) return 0;
  const position = (Math.log(value / from) / Math.log(to / from)) * sliderSteps;
  return Math.round(Math.min(Math.max(position, 0), sliderSteps));
}
