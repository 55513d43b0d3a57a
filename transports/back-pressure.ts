import type { Channel } from "./channels.ts";
import type { Feed } from "./feed.ts";

/** Publishers that wait for clients of one server to read. */
export class BackPressure {
  readonly #maxBytes: number;
  readonly #maxMessages: number;
  #waiting: (() => void)[] = [];

  /** A publisher waits where more than that is unread by one client. */
  constructor(maxBytes: number, maxMessages: number) {
    this.#maxBytes = maxBytes;
    this.#maxMessages = maxMessages;
  }

  /** Resolves when the slowest client has room again; null where it has. */
  room(channel: Channel<Feed>): Promise<void> | null {
    if (this.#hasRoom(channel)) return null;
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.#hasRoom(channel)) resolve();
        else this.#waiting.push(look);
      };
      this.#waiting.push(look);
    });
  }

  /** To be called when a client has read something, or has gone. */
  readonly moved = (): void => {
    const looks = this.#waiting;
    if (looks.length === 0) return;
    this.#waiting = [];
    for (const look of looks) look();
  };

  #hasRoom({ behind }: Channel<Feed>): boolean {
    for (const feed of behind) {
      if (feed.unreadBytes > this.#maxBytes || feed.unreadMessages > this.#maxMessages) {
        return false;
      }
    }
    return true;
  }
}
