/** Bytes in both directions; `down` is server to client. */
export interface Bytes {
  down: number;
  up: number;
}

export function addBytes(a: Readonly<Bytes>, b: Readonly<Bytes>): Bytes {
  return { down: a.down + b.down, up: a.up + b.up };
}

export function subtractBytes(a: Readonly<Bytes>, b: Readonly<Bytes>): Bytes {
  return { down: a.down - b.down, up: a.up - b.up };
}

export function scaleBytes({ down, up }: Readonly<Bytes>, factor: number): Bytes {
  return { down: down * factor, up: up * factor };
}

export function sumBytes(all: readonly Readonly<Bytes>[]): Bytes {
  return all.reduce<Bytes>(addBytes, { down: 0, up: 0 });
}
