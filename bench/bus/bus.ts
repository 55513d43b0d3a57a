/** Carries frames from any server of a fleet to all of them. */
export interface Bus extends AsyncDisposable {
  /**
   * Every server is handed the frame, this one included. False where it is lost at once, since the bus can't be
   * reached. The frame is the bus's from here on.
   */
  publish(frame: Buffer): boolean;
  /** Bytes that have crossed this server's connections to the bus so far. */
  bytes(): BusBytes;
}

export interface BusBytes {
  /** From the bus. */
  readonly down: number;
  /** To the bus. */
  readonly up: number;
}

/** Takes a frame that any server has published. */
export type Take = (frame: Buffer) => void;

/** Where another server takes frames from its peers. */
export interface Peer {
  readonly host: string;
  readonly port: number;
}

/** Where a broker is reached. */
export interface BrokerAddress {
  /** With user and password, where it wants these. */
  readonly url: string;
  /** Whom its certificate has to name; null without TLS. */
  readonly tlsName: string | null;
}

/** A broker that carries frames. */
export interface BrokerPlace extends BrokerAddress {
  readonly port: number;
  /** What the trial's frames go by there: there may be others. */
  readonly topic: string;
}

/** How long a broker's clients wait before they try to reach it again. */
export const reconnectMs = 20;

/** How long it may take until it is reached for the first time. */
export const reachMs = 5_000;
