import { unknownServer } from "./figures.ts";
import type { Figure, MemoryUse, Stage } from "./scenario.ts";

/** Memory with a number of clients. */
export interface MemoryHeld {
  readonly clients: number;
  readonly server: MemoryUse;
  /** Of all load processes. */
  readonly load: MemoryUse;
}

/**
 * A heap that grows by other reasons moves resident memory by some MiB; spread over this many clients,
 * that is at most a few KiB each.
 */
const minSpread = 500;

const tooFewClients = `needs a search over ${minSpread} clients: with fewer, it is noise`;

export async function memoryHeld(stage: Stage, clients: number): Promise<MemoryHeld> {
  const server = await stage.server.memory();
  return { clients, server, load: await stage.clients.memory() };
}

/** What both sides hold in all with the most clients, in MB: the slopes say what of it is for each. */
export function memoryTotals(most: MemoryHeld): Figure[] {
  const { clients, server, load } = most;
  const total = (key: string, label: string, bytes: number | null | undefined): Figure => ({
    key: `total.${key}`,
    label,
    table: "MB of memory with the most clients held, by who holds it",
    unit: "count",
    better: "neither",
    value: bytes === null || bytes === undefined ? null : Math.round(bytes / 1e6),
    about: `with ${clients} clients, after garbage collection`,
  });
  return [
    total("serverHeap", "server,\nheap", server.heapBytes),
    total("server", "server,\nresident", server.residentBytes),
    total("clientHeap", "clients,\nheap", load.heapBytes),
    total("client", "clients,\nresident", load.residentBytes),
    {
      ...total("kernel", "kernel,\nboth ends", server.kernelBytes),
      about: "objects and TCP buffers of the machine, whoever they are for",
    },
  ];
}

/** What each client takes that has received a broadcast. */
export function memoryFigures(held: readonly MemoryHeld[]): Figure[] {
  const memory = slopeOf(held, "server", "residentBytes");
  return [
    {
      key: "memory",
      label: "server\nB/client",
      unit: "bytes",
      better: "lower",
      value: memory,
      about: "slope of the server's resident memory over the numbers of clients held",
      adds: "{value} memory/client",
      ...(memory === null && { note: whyNoMemory(held) }),
    },
    ...heapFigures(held),
    clientFigure(held),
    kernelFigure(held),
  ];
}

/**
 * Resident memory also grows by what V8 keeps in reserve, a matter of chance; what is held doesn't. Of a
 * user's own server it can't be known, and isn't mentioned.
 */
function heapFigures(held: readonly MemoryHeld[]): Figure[] {
  if (held.some(({ server }) => isForeign(server))) return [];
  const heap = slopeOf(held, "server", "heapBytes");
  return [
    {
      key: "heap",
      label: "heap and\nbuffers",
      table: "B that the server's JavaScript holds for each client, after garbage collection",
      unit: "bytes",
      better: "lower",
      value: heap,
      about: "slope of the memory that it holds over the numbers of clients held",
      ...(heap === null && { note: whyNoMemory(held) }),
    },
  ];
}

/** Of a simulated client, which is little more than its library. */
function clientFigure(held: readonly MemoryHeld[]): Figure {
  const value = slopeOf(held, "load", "heapBytes");
  return {
    key: "clientMemory",
    label: "heap and\nbuffers",
    table: "B that the load processes' JavaScript holds for each client, after garbage collection",
    unit: "bytes",
    better: "lower",
    value,
    about: "slope of the memory that they hold over the numbers of clients held",
    ...(value === null && { note: tooFewClients }),
  };
}

/** Sockets of both ends where clients and server are on one machine, with what else it has for each. */
function kernelFigure(held: readonly MemoryHeld[]): Figure {
  const value = slopeOf(held, "server", "kernelBytes");
  return {
    key: "kernelMemory",
    label: "kernel",
    table: "B that the kernel holds for each client: the sockets of both ends, and their files",
    unit: "bytes",
    better: "lower",
    value,
    about: "slope of the machine's kernel objects and TCP buffers over the numbers of clients held",
    ...(value === null && { note: tooFewClients }),
  };
}

function isForeign({ residentBytes, heapBytes }: MemoryUse): boolean {
  return residentBytes !== null && heapBytes === null;
}

function whyNoMemory(held: readonly MemoryHeld[]): string {
  return held.some(({ server }) => server.residentBytes === null) ? unknownServer : tooFewClients;
}

function slopeOf(
  held: readonly MemoryHeld[],
  who: "server" | "load",
  kind: keyof MemoryUse,
): number | null {
  return slope(
    held.flatMap((plateau): [number, number][] => {
      const bytes = plateau[who][kind];
      return bytes === null || bytes === undefined ? [] : [[plateau.clients, bytes]];
    }),
  );
}

/** Least-squares slope of bytes over clients; null where it would be lost in the noise. */
function slope(known: readonly (readonly [clients: number, bytes: number])[]): number | null {
  const counts = known.map(([clients]) => clients);
  if (Math.max(...counts) - Math.min(...counts) < minSpread || known.length < 2) return null;
  const meanClients = mean(counts);
  const meanBytes = mean(known.map(([, bytes]) => bytes));
  let covariance = 0;
  let variance = 0;
  for (const [clients, bytes] of known) {
    covariance += (clients - meanClients) * (bytes - meanBytes);
    variance += (clients - meanClients) ** 2;
  }
  return covariance / variance;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
