import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { versionIn } from "../bench/files/package-files.ts";
import { ProcessEnded } from "../bench/processes/process-ended.ts";
import type { Answer } from "../bench/processes/serve-verbs.ts";
import { programNamed } from "../bench/programs/index.ts";
import { RunningProgram } from "../bench/programs/running-program.ts";
import { keys } from "../bench/workers/keys.ts";
import { Signer } from "../bench/workers/messages.ts";
import type { Asking } from "../bench/workers/messages.ts";
import { usingRedis } from "../bench/workers/redis.ts";
import { addTo } from "../bench/workers/stream-reader.ts";
import { WorkerPool } from "../bench/workers/worker-pool.ts";
import { Worker } from "../bench/workers/worker.ts";
import type { AnyProcess } from "../bench/workers/worker.ts";
import { brokers, isMissing } from "./requirements.ts";
import { environment } from "./results-fixture.ts";

const token = "a token that all of them share";

/** A Redis, a worker that starts no processes but keeps what these are asked, and a pool that has it. */
class Attempts implements AsyncDisposable {
  readonly asked: string[] = [];
  readonly said: string[] = [];
  /** Called with each line that the worker says. */
  heard: (line: string) => void = () => {};
  readonly #disposed: AsyncDisposable[] = [];
  url = "";
  started = 0;

  static async open(): Promise<Attempts> {
    const attempts = new Attempts();
    const broker = await RunningProgram.start(programNamed("redis-server"), "broker");
    attempts.#disposed.push(broker);
    attempts.url = `redis://127.0.0.1:${broker.place.port}`;
    return attempts;
  }

  async worker(): Promise<Worker> {
    const worker = await usingRedis(this.url, "--redis", (redis) =>
      Worker.join(redis, {
        name: "north",
        version: versionIn(),
        capacity: 4,
        role: "both",
        listen: ["127.0.0.1"],
        token,
        environment,
        said: (line) => this.heard(line),
        fork: (_, name) => this.#process(name),
      }),
    );
    this.#disposed.push(worker);
    return worker;
  }

  async pool(): Promise<WorkerPool> {
    const pool = await usingRedis(this.url, "--on", (redis) =>
      WorkerPool.open(redis, "--on", versionIn(), token, () => {}),
    );
    this.#disposed.push(pool);
    return pool;
  }

  #process(name: string): AnyProcess {
    this.started += 1;
    let end: (ended: ProcessEnded) => void = () => {};
    const ended = new Promise<ProcessEnded>((resolve) => (end = resolve));
    return {
      ended,
      ask: async (verb, args): Promise<Answer> => {
        this.asked.push(verb);
        return { id: 0, ok: true, value: args };
      },
      async [Symbol.asyncDispose]() {
        end(new ProcessEnded(name, `the ${name} process was ended`, ""));
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const one of this.#disposed.toReversed()) await one[Symbol.asyncDispose]();
  }
}

/** Verbs that a process may have here. */
type Verbs = { readonly clock: (args: { readonly here?: number }) => object };

describe.skipIf(isMissing(brokers))("an attempt of a trial", async () => {
  const attempts = isMissing(brokers) ? null : await Attempts.open();
  if (attempts === null) return;
  afterAll(() => attempts[Symbol.asyncDispose]());
  await attempts.worker();
  const pool = await attempts.pool();

  it("has processes started and asked as long as it lasts", async () => {
    await using attempt = await pool.begin();
    const remote = pool.start<Verbs>("north", attempt.id, "load", "load 1");
    expect(await remote.call("clock", { here: 1 })).toEqual({ here: 1 });
    await remote[Symbol.asyncDispose]();
  });

  it("starts nothing by a job that comes when it is over", async () => {
    const attempt = await pool.begin();
    await attempt[Symbol.asyncDispose]();
    const { started } = attempts;
    const late = pool.start<Verbs>("north", attempt.id, "load", "load 1");
    await expect(late.call("clock", {})).rejects.toThrow(
      "load 1: worker north was asked too late: the attempt of its trial is over",
    );
    expect(attempts.started).toBe(started);
  });

  it("is no part of a process that is asked in the name of another", async () => {
    await using attempt = await pool.begin();
    const remote = pool.start<Verbs>("north", attempt.id, "load", "load 1");
    await remote.call("clock", {});
    await usingRedis(attempts.url, "--redis", async (redis) => {
      const [job] = await redis.xrevrange(keys.requests("north"), "+", "-", "COUNT", 1);
      const asking: Asking = JSON.parse(job?.[1][1] ?? "");
      const text = JSON.stringify({ ...asking, attempt: randomUUID(), id: 99, verb: "stranger" });
      await addTo(redis, keys.requests("north"), text, new Signer(token).sign(text));
      redis.disconnect();
    });
    // Requests are taken in their order.
    await remote.call("clock", {});
    expect(attempts.asked).not.toContain("stranger");
    await remote[Symbol.asyncDispose]();
  });

  it("has no more processes at once than a worker runs, and doesn't wait for its place", async () => {
    await using attempt = await pool.begin();
    const names = ["load 1", "load 2", "load 3", "load 4", "load 5"];
    const remotes = names.map((name) => pool.start<Verbs>("north", attempt.id, "load", name));
    expect((await remotes.at(-1)?.ended)?.message).toBe(
      "load 5: worker north runs no more processes at once: see its --capacity",
    );
    await Promise.all(remotes.map((remote) => remote[Symbol.asyncDispose]()));
  });

  it("leaves no process behind, though nobody has told it to end", async () => {
    const attempt = await pool.begin();
    const remote = pool.start<Verbs>("north", attempt.id, "load", "load 1");
    await remote.call("clock", {});
    await attempt[Symbol.asyncDispose]();
    expect((await remote.ended).message).toBe("the load 1 process was ended");
  });
});

it.skipIf(isMissing(brokers))(
  "a Redis that wants a password says so, and where it is set",
  async () => {
    await using broker = await RunningProgram.start(programNamed("redis-server"), "broker");
    const place = `127.0.0.1:${broker.place.port}`;
    await usingRedis(`redis://${place}`, "--on", async (redis) => {
      await redis.config("SET", "requirepass", "s3cr3t");
      redis.disconnect();
    });
    const use = async (): Promise<void> => {};
    await expect(usingRedis(`redis://${place}`, "--on", use)).rejects.toThrow(
      `--on: redis://${place} wants a password: set TRANSPORT_BENCH_REDIS_PASSWORD`,
    );
    await expect(usingRedis(`redis://:wrong@${place}`, "--on", use)).rejects.toThrow(
      `--on: redis://***@${place} wants another password: set TRANSPORT_BENCH_REDIS_PASSWORD`,
    );
  },
);

it.skipIf(isMissing(brokers))(
  "a worker that can't join anew says why, and doesn't go on without a name",
  async () => {
    await using attempts = await Attempts.open();
    const worker = await attempts.worker();
    await usingRedis(attempts.url, "--redis", async (redis) => {
      const lost = new Promise<string>((resolve) => {
        attempts.heard = (line) => {
          void redis.set(keys.worker("north"), "{}");
          resolve(line);
        };
      });
      await redis.del(keys.worker("north"));
      expect(await lost).toMatch(/^taken for dead/);
      await expect(worker.failed).rejects.toThrow('a worker called "north" is there already');
      redis.disconnect();
    });
  },
);

it.skipIf(isMissing(brokers))(
  "runs and workers come to their end beside a Redis that keeps connections and answers nothing",
  { timeout: 30_000 },
  async () => {
    await using attempts = await Attempts.open();
    const worker = await attempts.worker();
    const pool = await attempts.pool();
    const attempt = await pool.begin();
    await pool.start<Verbs>("north", attempt.id, "load", "load 1").call("clock", {});
    await usingRedis(attempts.url, "--redis", async (redis) => {
      await redis.call("CLIENT", "PAUSE", "60000", "ALL");
      redis.disconnect();
    });
    await attempt[Symbol.asyncDispose]();
    await Promise.all([pool[Symbol.asyncDispose](), worker[Symbol.asyncDispose]()]);
  },
);
