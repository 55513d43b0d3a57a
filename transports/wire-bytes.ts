/** Bytes in both directions; `down` is server to client. */
export interface WireBytes {
  readonly down: number;
  readonly up: number;
}

export const noBytes: WireBytes = { down: 0, up: 0 };

export function bothWays({ down, up }: WireBytes): number {
  return down + up;
}

export function addBytes(a: WireBytes, b: WireBytes): WireBytes {
  return { down: a.down + b.down, up: a.up + b.up };
}

export function subtractBytes(a: WireBytes, b: WireBytes): WireBytes {
  return { down: a.down - b.down, up: a.up - b.up };
}

export function scaleBytes({ down, up }: WireBytes, factor: number): WireBytes {
  return { down: down * factor, up: up * factor };
}

export function sumBytes(all: readonly WireBytes[]): WireBytes {
  return all.reduce(addBytes, noBytes);
}
