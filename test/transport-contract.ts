import { describe, expect, it } from "vitest";
import { trickyPayloads } from "../bench/conformance/payloads.ts";
import { answersIn, messagesIn } from "../bench/measure/wire-ledger.ts";
import type { AnyTransport } from "../transports/define-transport.ts";
import { Link } from "./link.ts";
import { theoryContract } from "./theory-contract.ts";

/** A part of the contract that a transport can't fulfil, and why. */
export interface Exception {
  readonly reason: string;
  readonly tests: readonly string[];
}

export interface ContractOptions {
  /** Options that make the suite quick, such as a short poll interval. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly exceptions?: readonly Exception[];
}

/** What every transport must do with every one of its clients. */
export function transportContract(transport: AnyTransport, contract: ContractOptions = {}): void {
  describe.each(transport.clients)(`${transport.name}, client %s`, (client) => {
    const open = (options: Record<string, unknown> = {}): Promise<Link> =>
      Link.open(transport.configure(client, { ...contract.options, ...options }));

    const test = (name: string, body: () => Promise<void>): void => {
      const exception = contract.exceptions?.find(({ tests }) => tests.includes(name));
      if (exception === undefined) it(name, body);
      else it.skip(`${name} (${exception.reason})`, body);
    };

    for (const [name, payload] of Object.entries(trickyPayloads)) {
      test(`delivers ${name} unchanged`, async () => {
        await using link = await open();
        await using alice = await link.connect();
        link.publish(payload);
        expect(await alice.seen.count(1)).toEqual([payload]);
      });
    }

    test("delivers a burst of 1 000 messages to every client in order", async () => {
      await using link = await open();
      await using alice = await link.connect();
      await using bob = await link.connect();
      const sent = Array.from({ length: 1_000 }, (_, index) => `message ${index}`);
      for (const payload of sent) link.publish(payload);
      expect(await alice.seen.count(1_000)).toEqual(sent);
      expect(await bob.seen.count(1_000)).toEqual(sent);
      expect(alice.connection.cursor).toBe(1_000);
    });

    test("reaches a client with what is published right after connecting, and nothing older", async () => {
      await using link = await open();
      link.publish("before");
      await using alice = await link.connect();
      link.publish("after");
      expect(await alice.seen.count(1)).toEqual(["after"]);
    });

    test("keeps channels apart", async () => {
      await using link = await open();
      await using alice = await link.connect({ channel: "a" });
      await using bob = await link.connect({ channel: "b" });
      for (const index of [1, 2, 3]) {
        link.publish(`a${index}`, "a");
        link.publish(`b${index}`, "b");
      }
      expect(await alice.seen.count(3)).toEqual(["a1", "a2", "a3"]);
      expect(await bob.seen.count(3)).toEqual(["b1", "b2", "b3"]);
    });

    test("tells a client that it was cut off, or of the connection in its place, once", async () => {
      await using link = await open();
      await using alice = await link.connect();
      const { seen } = alice;
      const cuts = (): number => seen.endings.length + seen.reconnects.length;
      link.relay.cut();
      await seen.changes.until(() => cuts() > 0);
      if (seen.reconnects.length > 0) {
        link.publish("all the same");
        expect(await seen.count(1)).toEqual(["all the same"]);
      }
      expect(cuts()).toBe(1);
    });

    test("resumes after a cut without loss or repetition", async () => {
      await using link = await open();
      const alice = await link.connect();
      for (const index of [1, 2, 3]) link.publish(`before ${index}`);
      await alice.seen.count(3);
      link.relay.cut();
      await alice[Symbol.asyncDispose]();
      for (const index of [1, 2]) link.publish(`away ${index}`);
      await using again = await link.connect({ after: alice.connection.cursor });
      link.publish("back");
      expect(await again.seen.count(3)).toEqual(["away 1", "away 2", "back"]);
      expect(again.seen.gaps).toEqual([]);
    });

    test("resumes at once when nothing was missed", async () => {
      await using link = await open();
      link.publish("first");
      await using alice = await link.connect({ after: 1 });
      link.publish("second");
      expect(await alice.seen.count(1)).toEqual(["second"]);
    });

    test("reports a gap when the log has moved on", async () => {
      await using link = await open({ logMessages: 10 });
      for (let index = 1; index <= 25; index += 1) link.publish(`${index}`);
      await using alice = await link.connect({ after: 3 });
      link.publish("26");
      // The log of ten holds 16 to 25 when the client comes back, so 4 to 15 are gone.
      expect(await alice.seen.count(11)).toEqual(Array.from({ length: 11 }, (_, i) => `${16 + i}`));
      expect(alice.seen.gaps).toEqual([12]);
    });

    test("carries messages up in order, with their channel", async () => {
      await using link = await open();
      await using alice = await link.connect({ channel: "up" });
      const sent = ["", "one", "zwei\nLinien", "x".repeat(1_048_576), "世界"];
      for (const payload of sent) alice.connection.send(Buffer.from(payload));
      await link.upstreamChanges.until(() => link.upstream.length === sent.length);
      expect(link.upstream).toEqual(sent.map((payload) => ({ channel: "up", payload })));
    });

    test("counts bytes as an independent relay does, to the byte", async () => {
      await using link = await open();
      {
        await using alice = await link.connect();
        for (let size = 0; size < 300; size += 7) link.publish("x".repeat(size));
        link.publish("y".repeat(70_000));
        alice.connection.send(Buffer.from("z".repeat(200)));
        await alice.seen.count(44);
        await link.upstreamChanges.until(() => link.upstream.length === 1);
      }
      // The relay has passed everything on once it has seen the end of every connection.
      await link.relay.settled();
      const { total, parts } = link.listener.totals();
      expect(total).toEqual({ down: link.relay.down, up: link.relay.up });
      expect(parts.setUp.down).toBeGreaterThan(0);
      expect(parts.upstream.up).toBeGreaterThanOrEqual(200);
      const { deliveries, ...others } = parts;
      const extras = Object.values(others).reduce((sum, { down }) => sum + down, 0);
      const payloads = 70_000 + (43 * (0 + 294)) / 2;
      expect(total.down - extras).toBeGreaterThan(payloads);
      if (transport.delivery === "pull") expect(deliveries.down).toBe(total.down - extras);
    });

    test("names where messages are fetched every answer with the messages in it", async () => {
      await using link = await open();
      await using alice = await link.connect();
      await using bob = await link.connect();
      const sent = Array.from({ length: 120 }, (_, index) => `message ${index}`);
      for (const payload of sent) link.publish(payload);
      for (const { seen } of [alice, bob]) await seen.count(sent.length);
      const { answers: kinds, parts, bodyBytes, digitBytes } = link.listener.totals();
      const answers = [...kinds.values()];
      expect(messagesIn(answers)).toBe(transport.delivery === "pull" ? 2 * sent.length : 0);
      if (answers.length === 0) return;
      expect(Math.max(...answers.map(({ newest }) => newest))).toBe(120);
      // What doesn't differ with what an answer holds is the same for each.
      const { down, up } = parts.deliveries;
      expect((down + up - bodyBytes - digitBytes) % answersIn(answers)).toBe(0);
    });

    theoryContract(transport.configure(client, { ...contract.options }), test);

    test("closes without a word to its handlers and leaves no socket", async () => {
      const before = await openSockets();
      {
        await using link = await open();
        const alice = await link.connect();
        alice.connection.send(Buffer.from("up"));
        await link.upstreamChanges.until(() => link.upstream.length === 1);
        await alice[Symbol.asyncDispose]();
        expect(alice.seen.endings).toEqual([]);
        await using bob = await link.connect();
        link.publish("still served");
        expect(await bob.seen.count(1)).toEqual(["still served"]);
        expect(alice.seen.received).toEqual([]);
      }
      expect(await openSockets()).toEqual(before);
    });
  });
}

async function openSockets(): Promise<number> {
  // The loop frees a closed handle at the end of a turn; the second turn begins after that.
  for (let turn = 0; turn < 2; turn += 1) await new Promise(setImmediate);
  return process.getActiveResourcesInfo().filter((kind) => kind.startsWith("TCP")).length;
}
