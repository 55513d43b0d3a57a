const numbers = new Intl.NumberFormat("en", { maximumSignificantDigits: 21 });

/** `4,096 B`. */
export function bytesText(bytes: number): string {
  return `${numbers.format(Math.round(bytes))} B`;
}

/** `500 ms`, `7 s`, `59.9 s`. */
export function msText(ms: number): string {
  if (ms < 1_000) return `${numbers.format(Math.round(ms))} ms`;
  return `${numbers.format(Math.round(ms / 100) / 10)} s`;
}
