import type { IncomingMessage, ServerResponse } from "node:http";

/** Whose requests a server accepts, besides those to loopback and from pages on loopback. */
export interface Admitted {
  /** The addresses that it listens on. */
  readonly addresses: readonly string[];
  /** Origins of web pages (RFC 6454), such as `https://app.example`; their host may be asked for, too. */
  readonly origins: readonly string[];
}

// RFC 6761, section 6.3: names below localhost are loopback, too.
const loopback = /^(?:(?:[a-z\d-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;
const scheme = /^https?:\/\//i;

/**
 * Keeps web pages away from a server on this machine: a browser sends whatever a page tells it to.
 *
 * A page whose own name was made to resolve to loopback (DNS rebinding) still names itself as `Host`. Any
 * other page is named as `Origin` wherever it can send something or read an answer (WebSockets, event
 * streams, POST), and otherwise identified by `Sec-Fetch-Site`.
 */
export class Admission {
  /** The addresses of this server as they stand in URLs. */
  readonly #addresses: ReadonlySet<string>;
  /** The hosts of the origins. */
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;
  /** Whether pages of no other origins may ask, not those on loopback either. */
  readonly #isStrict: boolean;
  /** Found right before; most requests ask for the same. */
  #lastHost = "";

  /** With `only`, pages of no other origins may ask. */
  constructor({ addresses, origins: besides }: Admitted, only?: readonly string[]) {
    const origins = only ?? besides;
    this.#isStrict = only !== undefined;
    const bracketed = addresses.map((own) => (own.includes(":") ? `[${own}]` : own));
    this.#addresses = new Set(bracketed);
    this.#hosts = new Set(origins.map((origin) => new URL(origin).hostname));
    this.#origins = new Set(origins);
  }

  /** Why a request is refused, or null. A page whose request is taken may read the answer, too. */
  refusal({ rawHeaders }: IncomingMessage, response?: ServerResponse): string | null {
    let hosts = 0;
    let origin: string | undefined;
    let isCrossSite = false;
    let hasCookie = false;
    // As they came: Node makes the object `headers` only when it is asked for, at some cost.
    for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
      const value = rawHeaders[at + 1] ?? "";
      switch ((rawHeaders[at] ?? "").toLowerCase()) {
        // What HTTP/2 has in its place: no header of HTTP/1.1 begins like that.
        case ":authority":
        case "host":
          if (!this.#isHost(value)) return strangeHost;
          hosts += 1;
          break;
        case "origin":
          if (!this.#isOrigin(value)) return this.#strangeOrigin;
          origin = value;
          break;
        case "cookie":
          hasCookie = true;
          break;
        case "sec-fetch-site":
          isCrossSite ||= value === "cross-site" || (this.#isStrict && value === "same-site");
      }
    }
    if (hosts !== 1) return strangeHost;
    if (origin === undefined) return isCrossSite ? this.#strangeOrigin : null;
    response?.setHeader("Access-Control-Allow-Origin", origin);
    response?.setHeader("Access-Control-Expose-Headers", "Cursor");
    response?.setHeader("Vary", "Origin");
    if (hasCookie) response?.setHeader("Access-Control-Allow-Credentials", "true");
    return null;
  }

  get #strangeOrigin(): string {
    const others = this.#isStrict ? [...this.#origins].join(", ") : "loopback";
    return `web pages of other origins than ${others} are refused`;
  }

  #isHost(host: string): boolean {
    if (host === this.#lastHost) return true;
    if (!this.#isOwn(host) && !this.#hosts.has(hostname(host))) return false;
    this.#lastHost = host;
    return true;
  }

  #isOrigin(origin: string): boolean {
    if (this.#origins.has(origin)) return true;
    return !this.#isStrict && scheme.test(origin) && this.#isOwn(origin.replace(scheme, ""));
  }

  #isOwn(authority: string): boolean {
    return loopback.test(authority) || this.#addresses.has(hostname(authority));
  }
}

function hostname(authority: string): string {
  return authority.toLowerCase().replace(/:\d{1,5}$/, "");
}

const strangeHost = "this server is not the Host that was asked for, and answers to no other name";
