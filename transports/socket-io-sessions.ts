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
 * comes back is a new one, of which only channel and last message are known: those that had come equally far may have each
 * other's, and one that comes back to another server offers it what it had at the first.
 */
export class SessionMemory {
  readonly #sessions = new Map<string, Session[]>();
  #count = 0;

  keep(target: Target, cursor: number, session: Session): void {
    const [oldest] = this.#sessions.keys();
    if (oldest !== undefined && this.#count >= maxSessions) this.#takeOne(oldest);
    const key = keyOf(target, cursor);
    const alike = this.#sessions.get(key) ?? [];
    this.#sessions.set(key, alike);
    alike.push(session);
    this.#count += 1;
  }

  take(target: Target): Session | undefined {
    return this.#takeOne(keyOf(target, target.after ?? -1));
  }

  #takeOne(key: string): Session | undefined {
    const alike = this.#sessions.get(key);
    const session = alike?.pop();
    if (session !== undefined) this.#count -= 1;
    if (alike?.length === 0) this.#sessions.delete(key);
    return session;
  }
}

function keyOf({ channel }: Target, cursor: number): string {
  return `${channel} ${cursor}`;
}
