import { describe, expect, it } from "vitest";
import { casesOf } from "../bench/conformance/conform.ts";
import { Subject } from "../bench/conformance/subject.ts";
import { urlAt } from "../bench/measure/dialler.ts";
import { messagesIn } from "../bench/measure/wire-ledger.ts";
import { parseVariant } from "../bench/settings/variant.ts";
import type { AnyTransport } from "../transports/define-transport.ts";
import { EchoServer } from "./echo-server.ts";
import { Link } from "../bench/conformance/link.ts";

const short: Readonly<Record<string, string>> = { "short-polling": "short-polling@5ms" };
const host = "127.0.0.1";

/** What can't be so with batches. */
const exceptions: ReadonlySet<string> = new Set([
  // In a batch of its own it has more bytes than the largest message may have.
  "carries a payload of 8 MiB",
  // A gap is one of batches.
  "tells a reconnecting client how many messages are gone for good",
]);

/** What a transport has to do with batches, with each of `clients`: all of it, or the cases that are named. */
export function batchContract(
  { name }: AnyTransport,
  clients: readonly string[],
  only?: ReadonlySet<string>,
): void {
  describe.each(clients)("client %s", (client) => {
    const plain = (short[name] ?? name).replace(name, `${name}:${client}`);
    const { bound } = parseVariant(`${plain}+batch=10ms`);
    const { delivery } = bound;

    const cases = casesOf(name).filter(
      (known) =>
        known.ofClients === true && !exceptions.has(known.name) && (only?.has(known.name) ?? true),
    );
    // All of them send.
    it.each(bound.sends ? cases : [])("$name", async ({ check }) => {
      await using server = await EchoServer.of(bound);
      const address = { url: urlAt(host, server.port), host, port: server.port };
      await using subject = new Subject({ ...address, transport: bound, caseLimitMs: 60_000 });
      await check(subject);
    });

    it("delivers as one what is published at once", async () => {
      await using link = await Link.open(bound);
      await using alice = await link.connect();
      const sent = Array.from({ length: 100 }, (_, index) => `message ${index}`);
      for (const payload of sent) link.publish(payload);
      expect(await alice.seen.count(sent.length)).toEqual(sent);
      expect(alice.connection.cursor).toBe(1);
      const { answers } = link.listener.totals();
      expect(messagesIn([...answers.values()])).toBe(delivery === "pull" ? 1 : 0);
    });
  });
}
