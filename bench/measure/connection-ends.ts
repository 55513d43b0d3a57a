/** How many connections of clients the server has ended. */
export interface ConnectionEnds {
  /** Clients that are gone for good, and how the last of them went. */
  readonly disconnected: number;
  readonly lastEnding: string | null;
  /** Connections opened in the place of one that had ended, and those of them for a retried request. */
  readonly reconnected: number;
  readonly retried: number;
}

export const noEnds: ConnectionEnds = {
  disconnected: 0,
  lastEnding: null,
  reconnected: 0,
  retried: 0,
};

/** Adds up the ends that several processes report. */
export function endsIn(processes: readonly ConnectionEnds[]): ConnectionEnds {
  return processes.reduce<ConnectionEnds>(
    (sum, ends) => ({
      disconnected: sum.disconnected + ends.disconnected,
      lastEnding: ends.lastEnding ?? sum.lastEnding,
      reconnected: sum.reconnected + ends.reconnected,
      retried: sum.retried + ends.retried,
    }),
    noEnds,
  );
}

/** The ends that came after `before`. */
export function endsSince(before: ConnectionEnds, now: ConnectionEnds): ConnectionEnds {
  const disconnected = now.disconnected - before.disconnected;
  return {
    disconnected,
    lastEnding: disconnected === 0 ? null : now.lastEnding,
    reconnected: now.reconnected - before.reconnected,
    retried: now.retried - before.retried,
  };
}
