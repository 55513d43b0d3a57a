/**
 * Limits that a server sets its clients, as guides to servers in production list them. What breaks one is refused as the
 * standards have it. A limit that is left out isn't kept, beyond those that every server here has.
 */
export interface Guards {
  /** The longest message that a client may send up, in bytes: 413 (RFC 9110, 15.5.14), or 1009 (RFC 6455, 7.4.1). */
  readonly payloadBytes?: number;
  /** The most connections of one address that are open at once: 429 (RFC 6585, section 4). */
  readonly perAddress?: number;
  /**
   * The most that one client may send in a second, on average, with up to as much at once: requests, frames and pings
   * alike. 429, or 1008 (RFC 6455, 7.4.1).
   */
  readonly perSecond?: number;
  /** The only origins (RFC 6454) whose pages may ask; programs name none, and may. 403. */
  readonly origins?: readonly string[];
  /** What each request and handshake must carry as a bearer token: 401 (RFC 6750, section 3). */
  readonly token?: string;
  /** How long a request, or a handshake, may take to arrive, in milliseconds: 408 (RFC 9110, 15.5.9). */
  readonly requestMs?: number;
  /** How long a client may stay that neither is subscribed nor asks for anything, in milliseconds. */
  readonly idleMs?: number;
}
