import type { Target } from "./transport.ts";

/** What Socket.IO's connection state recovery asks a client for that comes back. */
export interface Session {
  readonly pid: string;
  /** The last message that it has received. */
  readonly offset: string;
}

const maxSessions = 10_000;

/**
 * The sessions of clients that have ended. An application would keep them within `socket.io-client`; here a client that
 * comes back is a new one, of which only server, channel and last message are known.
 */
export class SessionMemory {
  readonly #sessions = new Map<string, Session>();

  keep(target: Target, cursor: number, session: Session): void {
    const [oldest] = this.#sessions.keys();
    if (oldest !== undefined && this.#sessions.size >= maxSessions) this.#sessions.delete(oldest);
    this.#sessions.set(keyOf(target, cursor), session);
  }

  take(target: Target): Session | undefined {
    const key = keyOf(target, target.after ?? -1);
    const session = this.#sessions.get(key);
    this.#sessions.delete(key);
    return session;
  }
}

function keyOf({ url, channel }: Target, cursor: number): string {
  return `${url.host} ${channel} ${cursor}`;
}
