/** The facts about a part that lists of parts use. */
export interface WirePartFacts {
  /** Its name in tables and charts. */
  readonly label: string;
  /**
   * What its bytes are proportional to: connections, messages or time; `nothing` for bytes that are attributed only
   * later.
   */
  readonly per: "connection" | "message" | "time" | "nothing";
  /**
   * Whether its bytes hold the server's address or message numbers, whose digits say nothing about the server.
   */
  readonly hasNumbers: boolean;
  /** The index of its colour among those of the palette that well-known transports don't have. */
  readonly colour: number;
  /** Whether the part was added later: in results without it, it is read as 0. */
  readonly isLater?: true;
}

/**
 * The parts that bytes are attributed to, in the order of lists. Results, comparisons, tables, charts and CSV have
 * every part of this list. The transport, or the harness, has to attribute all bytes that aren't deliveries.
 */
export const wireParts = {
  /** Handshakes of TLS, with the session tickets that follow them, and the alerts that end connections. */
  tlsHandshakes: {
    label: "TLS handshakes",
    per: "connection",
    hasNumbers: false,
    colour: 5,
    isLater: true,
  },
  /** Bytes until a client is subscribed. */
  setUp: { label: "set-up", per: "connection", hasNumbers: true, colour: 6 },
  /** Messages on their way to clients, with their payloads, and the polls that they answer. */
  deliveries: { label: "deliveries", per: "message", hasNumbers: true, colour: 4 },
  /** Polls that found nothing, and their answers. */
  emptyPolls: { label: "empty polls", per: "time", hasNumbers: true, colour: 3 },
  heartbeats: { label: "heartbeats", per: "time", hasNumbers: false, colour: 1 },
  /** Messages that clients send up, and their answers. */
  upstream: { label: "upstream (messages)", per: "message", hasNumbers: true, colour: 0 },
  /**
   * Bytes that wait for their answer, such as pings. When the answer comes, they are taken back here, even below zero,
   * and attributed together with it.
   */
  underWay: { label: "under way", per: "nothing", hasNumbers: false, colour: 2 },
} as const satisfies Readonly<Record<string, WirePartFacts>>;

export type WirePart = keyof typeof wireParts;

/** The parts that a transport attributes. */
export type ExtraPart = Exclude<WirePart, "deliveries">;

/** Parts of which some bytes are due to the server's address and age. */
export type NumberedPart = {
  [Part in WirePart]: (typeof wireParts)[Part]["hasNumbers"] extends true ? Part : never;
}[WirePart];

export const partNames: readonly WirePart[] = Object.keys(wireParts).filter(isPart);

export const numberedParts: readonly NumberedPart[] = partNames.filter(isNumbered);

/** The parts that are spent on this. */
export function partsPer(what: WirePartFacts["per"]): readonly WirePart[] {
  return partNames.filter((part) => wireParts[part].per === what);
}

/** Something of each of these parts. */
export function ofEach<Part extends WirePart, T>(
  parts: readonly Part[],
  value: (part: Part) => T,
): Record<Part, T> {
  const made = Object.fromEntries(parts.map((part) => [part, value(part)]));
  if (!hasAll(made, parts)) throw new Error("a part without a value");
  return made;
}

function hasAll<Part extends WirePart, T>(
  made: Readonly<Record<string, T>>,
  parts: readonly Part[],
): made is Record<Part, T> {
  return parts.every((part) => part in made);
}

/** Something of each part. */
export function perPart<T>(value: (part: WirePart) => T): Record<WirePart, T> {
  return ofEach(partNames, value);
}

/** The facts about a part. */
export function factsOf(part: WirePart): WirePartFacts {
  return wireParts[part];
}

function isPart(name: string): name is WirePart {
  return name in wireParts;
}

/** Whether some bytes of a part are due to the server's address and age. */
export function isNumbered(part: WirePart): part is NumberedPart {
  return wireParts[part].hasNumbers;
}
