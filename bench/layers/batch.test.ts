import { describe, expect, it, vi } from "vitest";
import { BatchingServer, messagesOf } from "./batch.ts";

/** A server that keeps what it is to publish. */
class Kept {
  readonly published: string[] = [];

  publish(channel: string, payload: Buffer): void {
    this.published.push(`${channel} ${payload.toString()}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** Publishes by `body` on a server that gathers for 20 ms, on a clock that only `body` moves. */
async function gathered(body: (server: BatchingServer) => void): Promise<readonly string[]> {
  vi.useFakeTimers();
  try {
    const kept = new Kept();
    await using server = new BatchingServer(kept, 20);
    body(server);
    return kept.published;
  } finally {
    vi.useRealTimers();
  }
}

const publish = (server: BatchingServer, text: string, channel = "all"): void =>
  server.publish(channel, Buffer.from(text));

describe("a server that gathers messages", () => {
  it("counts the time from the first message of each batch, whatever follows", async () => {
    const published = await gathered((server) => {
      publish(server, "a");
      vi.advanceTimersByTime(19);
      publish(server, "bc");
      vi.advanceTimersByTime(1);
      publish(server, "d");
      vi.advanceTimersByTime(20);
    });
    expect(published).toEqual(["all 1:a2:bc", "all 1:d"]);
  });

  it("keeps channels apart", async () => {
    const published = await gathered((server) => {
      publish(server, "a", "one");
      publish(server, "b", "two");
      publish(server, "c", "one");
      vi.advanceTimersByTime(20);
    });
    expect(published).toEqual(["one 1:a1:c", "two 1:b"]);
  });

  it("sends early what would become larger than a message may be", async () => {
    const published = await gathered((server) => {
      publish(server, "x".repeat(5_000_000));
      publish(server, "y".repeat(5_000_000));
      expect(server.newest("all")).toBe(1);
      vi.advanceTimersByTime(20);
    });
    expect(published.map((batch) => batch.slice(0, 14))).toEqual([
      "all 5000000:xx",
      "all 5000000:yy",
    ]);
  });

  it("tells how many messages its batches held, and once", async () => {
    await gathered((server) => {
      for (const texts of [["a", "b"], ["c"], ["d", "e"]]) {
        for (const text of texts) publish(server, text);
        vi.advanceTimersByTime(20);
      }
      expect(server.takeGroups("all")).toEqual([
        { batches: 2, messages: 2, newest: 3 },
        { batches: 1, messages: 1, newest: 2 },
      ]);
      expect(server.takeGroups("all")).toEqual([]);
    });
  });

  it("is settled when all channels have sent what they had gathered", async () => {
    const kept = new Kept();
    await using server = new BatchingServer(kept, 1);
    await server.settled();
    publish(server, "a", "one");
    publish(server, "b", "two");
    await server.settled();
    expect(kept.published).toEqual(["one 1:a", "two 1:b"]);
  });
});

describe("the messages of a batch", () => {
  it("are what was gathered, whatever they hold", () => {
    const batch = Buffer.from("0:3:1:a8:世界\r\n");
    expect(messagesOf(batch)?.map(String)).toEqual(["", "1:a", "世界\r\n"]);
  });

  it.each(["", "no batch", "2:a", "1:ab", ":", "1", "-1:a", "1 :a", "1e1:a"])(
    "are none where %j isn't made of whole ones",
    (text) => {
      expect(messagesOf(Buffer.from(text))).toBeNull();
    },
  );
});
