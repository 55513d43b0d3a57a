/** The requests that a script can make to clients that ask an endpoint of the user's as it is. */
export interface EndpointVerbs {
  /** Resolves when all that were sent have an end. */
  ask(how: EndpointAsking): Promise<void>;
}

export interface EndpointAsking {
  /** At once, each on a connection of its own. */
  readonly clients: number;
  /** Nothing is asked for after that; what has been is waited for. */
  readonly forMs: number;
  /**
   * Requests per second, due evenly, whatever becomes of those before; one that is due while all clients are busy waits.
   * When left out, each client asks again as soon as it has its answer.
   */
  readonly ratePerSecond?: number;
}

/** How an endpoint answered: see `recordedEndpoint` of the results. Times are in nanoseconds. */
export interface EndpointMeasured {
  readonly requests: number;
  readonly unsent: number;
  readonly whole: number;
  readonly failed: Readonly<Record<string, number>>;
  readonly said: Readonly<Record<string, string>>;
  readonly tokens: number;
  readonly asides: Readonly<Record<string, number>>;
  readonly bytes: { readonly down: number; readonly up: number };
  readonly connections: number;
  /** Null where requests had no due times. */
  readonly wait: Times | null;
  readonly firstByte: Times;
  readonly firstToken: Times;
  readonly firstTokenDue: Times | null;
  readonly answer: Times;
  readonly gaps: Times;
  readonly stalls: number;
  readonly pace: Times;
  readonly reads: number;
  readonly mostInRead: number;
  readonly groups: readonly TokenGroup[];
  readonly fields: Readonly<Record<string, string>>;
}

export interface Times {
  readonly count: number;
  /** What half of these don't exceed, however few they are; null where there is none. */
  readonly medianNs: number | null;
  readonly longestNs: number | null;
  /** Null when the sample is too small for the percentile (q from 0 to 1). */
  at(q: number): number | null;
}

/** Tokens that came together. */
export interface TokenGroup {
  readonly answer: number;
  readonly tokens: number;
  readonly bytes: number;
  readonly quietMs: number;
  readonly isWhole: boolean;
}
