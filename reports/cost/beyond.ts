import { round } from "../../bench/text/format.ts";
import type { Measured, Range } from "./measured.ts";

const inputNames: Readonly<Record<keyof Measured, { name: string; unit: string }>> = {
  clients: { name: "clients", unit: "" },
  messagesPerSecond: { name: "messages per second", unit: "" },
  payloadBytes: { name: "payload", unit: " B" },
  pollIntervalMs: { name: "poll interval", unit: " ms" },
};

export type Asked = Readonly<Record<keyof Measured, number | null>>;

/** Where `asked` leaves what was measured; null is as measured. */
export function beyond(measured: Measured, asked: Asked): string[] {
  const keys = ["clients", "messagesPerSecond", "payloadBytes", "pollIntervalMs"] as const;
  return keys.flatMap((key) => {
    const [range, value] = [measured[key], asked[key]];
    if (range === null || value === null || (value >= range.low && value <= range.high)) return [];
    const { name, unit } = inputNames[key];
    return [`${name}: ${rangeText(range)}${unit} measured`];
  });
}

/** `256`, `0–200`. */
export function rangeText({ low, high }: Range): string {
  return low === high ? round(low) : `${round(low)}–${round(high)}`;
}
