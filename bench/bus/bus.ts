/** Carries what one server of several publishes to all of them. */
export interface Bus extends AsyncDisposable {
  /**
   * Every server, this one included, is handed `payload`: in the order of this server's calls, and once. The bytes of
   * `payload` may change as soon as this returns.
   */
  publish(channel: string, payload: Buffer): void;
}

/** Takes what was published by any server. */
export type Deliver = (channel: string, payload: Buffer) => void;

/** Where another server takes messages from its peers. */
export interface Peer {
  readonly host: string;
  readonly port: number;
}
