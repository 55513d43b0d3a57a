import { digits } from "../text/format.ts";

/** `3.2 ms`, `500 ms`, `7 s`, `60.1 s`. */
export function timeText(ms: number): string {
  return ms < 1_000 ? `${digits(ms)} ms` : `${digits(ms / 1_000)} s`;
}
