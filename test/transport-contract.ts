import { describe, expect, it } from "vitest";
import type { ConformanceCase } from "../bench/conformance/case.ts";
import { casesOf } from "../bench/conformance/conform.ts";
import { Subject } from "../bench/conformance/subject.ts";
import { urlAt } from "../bench/measure/dialler.ts";
import { answersIn, messagesIn } from "../bench/measure/wire-ledger.ts";
import { isLayer } from "../transports/layers.ts";
import type { Layers } from "../transports/layers.ts";
import type { AnyTransport, BoundTransport } from "../transports/define-transport.ts";
import { EchoServer } from "./echo-server.ts";
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
  /** What it stands on; clients that can't are left out. */
  readonly layers?: Layers;
  readonly exceptions?: readonly Exception[];
}

/** What every transport must do with every one of its clients. */
export function transportContract(transport: AnyTransport, contract: ContractOptions = {}): void {
  const { layers = {} } = contract;
  const asked = Object.keys(layers).filter(isLayer);
  const clients = transport.clients.filter((client) =>
    asked.every((layer) => transport.layers(client).includes(layer)),
  );
  const over = asked.map((layer) => `+${layer}`).join("");
  describe.each(clients)(`${transport.name}${over}, client %s`, (client) => {
    const configured = (options: Record<string, unknown> = {}): BoundTransport =>
      transport.configure(client, { ...contract.options, ...layers, ...options });
    const open = (): Promise<Link> => Link.open(configured());

    const test = (name: string, body: () => Promise<void>): void => {
      const exception = contract.exceptions?.find(({ tests }) => tests.includes(name));
      if (exception === undefined) it(name, body);
      else it.skip(`${name} (${exception.reason})`, body);
    };

    for (const { name, logMessages, check } of casesOf(transport.name).filter(isOfClients)) {
      test(name, async () => {
        const bound = configured(logMessages === undefined ? {} : { logMessages });
        await using server = await EchoServer.of(bound);
        const address = { url: urlAt(host, server.port), host, port: server.port };
        await using subject = new Subject({
          ...address,
          transport: bound,
          caseLimitMs,
          logMessages,
        });
        await check(subject);
      });
    }

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

    test("resumes at once when nothing was missed", async () => {
      await using link = await open();
      link.publish("first");
      await using alice = await link.connect({ after: 1 });
      link.publish("second");
      expect(await alice.seen.count(1)).toEqual(["second"]);
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

    test("delivers what is published at once, and names every answer with the messages in it", async () => {
      await using link = await open();
      await using alice = await link.connect();
      await using bob = await link.connect();
      const sent = Array.from({ length: 1_000 }, (_, index) => `message ${index}`);
      for (const payload of sent) link.publish(payload);
      for (const { seen, connection } of [alice, bob]) {
        expect(await seen.count(sent.length)).toEqual(sent);
        expect(connection.cursor).toBe(sent.length);
      }
      const { answers: kinds, parts, bodyBytes, digitBytes } = link.listener.totals();
      const answers = [...kinds.values()];
      expect(messagesIn(answers)).toBe(transport.delivery === "pull" ? 2 * sent.length : 0);
      if (answers.length === 0) return;
      expect(Math.max(...answers.map(({ newest }) => newest))).toBe(sent.length);
      // What doesn't differ with what an answer holds is the same for each.
      const { down, up } = parts.deliveries;
      expect((down + up - bodyBytes - digitBytes) % answersIn(answers)).toBe(0);
    });

    theoryContract(configured(), test);

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

const host = "127.0.0.1";
const caseLimitMs = 60_000;

function isOfClients({ ofClients }: ConformanceCase): boolean {
  return ofClients === true;
}

async function openSockets(): Promise<number> {
  // The loop frees a closed handle at the end of a turn; the second turn begins after that.
  for (let turn = 0; turn < 2; turn += 1) await new Promise(setImmediate);
  return process.getActiveResourcesInfo().filter((kind) => kind.startsWith("TCP")).length;
}
