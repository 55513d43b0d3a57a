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
