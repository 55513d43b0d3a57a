import * as z from "zod";
import { duration, origins, size, wholeNumber } from "./option-values.ts";
import { maxMessageBytes } from "./transport.ts";

/**
 * Limits that a server sets its clients, as guides to servers in production list them. What breaks one is refused as the
 * standards have it. A limit that is left out isn't kept, beyond those that every server here has.
 */
export interface Guards {
  /** The longest message that a client may send up, in bytes: 413 (RFC 9110, 15.5.14), or 1009 (RFC 6455, 7.4.1). */
  readonly payloadBytes?: number | undefined;
  /** The most connections of one address that are open at once: 429 (RFC 6585, section 4). */
  readonly perAddress?: number | undefined;
  /**
   * The most that may come on one connection in a second, on average, with up to as much at once: requests, frames and
   * packets alike. 429, or 1008 (RFC 6455, 7.4.1).
   */
  readonly perSecond?: number | undefined;
  /** The only origins (RFC 6454) whose pages may ask; programs name none, and may. 403. */
  readonly origins?: readonly string[] | undefined;
  /** What each request and handshake must carry as a bearer token: 401 (RFC 6750, section 3). */
  readonly token?: string | undefined;
  /** How long a request, or a handshake, may take to arrive, in milliseconds: 408 (RFC 9110, 15.5.9). */
  readonly requestMs?: number | undefined;
  /** How long a connection may stay that neither is subscribed nor asks for anything, in milliseconds. */
  readonly idleMs?: number | undefined;
}

/** As options of a variant. In a token, `+` would end the option. */
export const guardOptions = {
  payloadBytes: size(1, maxMessageBytes).optional(),
  perAddress: wholeNumber(1, 1_000_000).optional(),
  perSecond: wholeNumber(1, 1_000_000).optional(),
  origins: origins.optional(),
  token: z
    .string({ error: "a token" })
    .regex(/^[\w.~/-]+=*$/, "a token of letters, digits and -._~/ (RFC 6750, without +)")
    .optional(),
  requestMs: duration(10, 3_600_000).optional(),
  idleMs: duration(10, 3_600_000).optional(),
};

export const guardNames = [
  "payloadBytes",
  "perAddress",
  "perSecond",
  "origins",
  "token",
  "requestMs",
  "idleMs",
] as const satisfies readonly (keyof Guards)[];

/** Those of these options that are limits. */
export function guardsOf(options: Guards): Guards {
  const set = guardNames.map((name) => [name, options[name]] as const);
  return Object.fromEntries(set.filter(([, value]) => value !== undefined));
}

/** Whether a server has any. */
export function isGuarded(guards: Guards): boolean {
  return Object.keys(guards).length > 0;
}
