import type { Redis } from "ioredis";

/** How long one look waits, in milliseconds. */
const blockMs = 1_000;

/** Entries of a stream that are taken at once. */
const batch = 256;

/** Reads a stream of Redis from its end on, for as long as it isn't disposed of. */
export class StreamReader implements Disposable {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #take: (text: string, signature: string) => void;
  #isOver = false;

  /** Resolves when all that is added from here on will be read. */
  static async open(
    redis: Redis,
    key: string,
    take: (text: string, signature: string) => void,
  ): Promise<StreamReader> {
    const [last] = await redis.xrevrange(key, "+", "-", "COUNT", 1);
    // Reading blocks a connection.
    return new StreamReader(redis.duplicate(), key, last?.[0] ?? "0-0", take);
  }

  private constructor(
    redis: Redis,
    key: string,
    after: string,
    take: (text: string, signature: string) => void,
  ) {
    this.#redis = redis;
    this.#key = key;
    this.#take = take;
    redis.on("error", () => {});
    void this.#read(after);
  }

  async #read(start: string): Promise<void> {
    let after = start;
    while (!this.#isOver) {
      try {
        const found = await this.#redis.xread(
          "COUNT",
          batch,
          "BLOCK",
          blockMs,
          "STREAMS",
          this.#key,
          after,
        );
        for (const [id, [, text = "", , signature = ""]] of found?.[0]?.[1] ?? []) {
          after = id;
          this.#take(text, signature);
        }
      } catch {
        // It reconnects by itself; whoever relies on it has a lease.
        if (this.#redis.status === "end") return;
      }
    }
  }

  /** What it still waits for may never come: nothing is told of that where Redis is gone. */
  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#redis.disconnect();
  }
}

/** How many entries a stream keeps, about: far more than are ever under way. */
const kept = 100_000;

/** Adds a text to a stream, which goes with the last of its readers and writers. */
export async function addTo(
  redis: Redis,
  key: string,
  text: string,
  signature = "",
): Promise<void> {
  const forS = 3_600;
  await redis
    .multi()
    .xadd(key, "MAXLEN", "~", kept, "*", "text", text, "signature", signature)
    .expire(key, forS)
    .exec();
}
