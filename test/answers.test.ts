import { describe, expect, it } from "vitest";
import { Link } from "../bench/conformance/link.ts";
import { countSockets, openSockets } from "../bench/conformance/open-sockets.ts";
import { parseVariant } from "../bench/settings/variant.ts";
import { ownChannel } from "../bench/processes/protocol.ts";
import type { Prompting } from "../scenarios/scenario.ts";
import { answerSeed } from "../bench/tokens/answer-seed.ts";
import { TokenTexts, WordWalk } from "../bench/tokens/token-texts.ts";
import { addBytes, noBytes } from "../transports/wire-bytes.ts";
import { clients, trialOf } from "./captured-trial.ts";
import { playNetworked } from "./networked-trial.ts";
import { answering, ofAnswers } from "./layered-variants.ts";
import { transportContract } from "./transport-contract.ts";

for (const { transport, contract, clients } of answering) {
  transportContract(transport, contract, clients, ofAnswers);
}

describe.each(["sse+method=post", "streaming+method=post+h2c", "streaming+method=post+gzip"])(
  "%s in batches",
  (name) => {
    it("ends an answer behind what is gathered, at once", async () => {
      const { bound } = parseVariant(`${name}+batch=1s`);
      await using link = await Link.open(bound);
      await using alice = await link.connect({ asks: true });
      for (const count of [1, 2]) {
        alice.connection.send(Buffer.from("question"));
        await link.sentUp(count);
        for (const message of ["one", "two", "three"]) link.publish(message);
        link.server.complete?.("all");
        await alice.answered(count);
      }
      expect(alice.seen.answers).toEqual([3, 6]);
      // A batch for each answer.
      expect(alice.connection.cursor).toBe(2);
    });
  },
);

it.each(["sse+method=post+tls", "streaming+method=post+tls+resume"])(
  "%s is connected when TLS is, and not with its socket",
  async (name) => {
    await using link = await Link.open(parseVariant(name).bound);
    const { down } = link.relay;
    await using alice = await link.connect({ asks: true });
    expect(alice.connection.cursor).toBe(0);
    // The server's part of the handshake.
    expect(link.relay.down).toBeGreaterThan(down + 100);
  },
);

it("keeps heartbeats out of what is behind an answer", async () => {
  const { bound } = parseVariant("streaming+method=post+heartbeat=1ms");
  await using link = await Link.open(bound);
  await using alice = await link.connect({ asks: true });
  for (let count = 1; count <= 10; count += 1) {
    alice.connection.send(Buffer.from("question"));
    await link.sentUp(count);
    const before = link.listener.totals().attributions.heartbeats;
    const hasBeat = (): boolean => link.listener.totals().attributions.heartbeats > before + 1;
    await link.waiter.until("two heartbeats", hasBeat);
    link.publish(`answer ${count}`);
    link.server.complete?.("all");
    await alice.answered(count);
  }
  expect(alice.seen.received).toHaveLength(10);
});

it("takes no refusal for an answer that came before it has asked", async () => {
  const { bound } = parseVariant("streaming+method=post+request=50ms");
  await using link = await Link.open(bound);
  const others = await openSockets();
  await using alice = await link.connect({ asks: true });
  await link.waiter.until("a 408", () => link.relay.down > 0 && countSockets() === others);
  alice.connection.send(Buffer.from("question"));
  await link.sentUp(1);
  link.server.complete?.("all");
  await alice.answered(1);
  expect(alice.seen.reconnects).toEqual([false]);
});

it.each(["eventsource", "undici"])("refuses the client %s, which knows no POST", (client) => {
  expect(() => parseVariant(`sse:${client}+method=post`)).toThrow(
    `sse: ${client} asks for events with GET alone; clients that can have method=post are`,
  );
});

const prompting = {
  requests: 3,
  promptBytes: 300,
  pauseMs: 20,
  answer: { firstTokenMs: 20, tokens: 40, tokensPerSecond: 400, format: "text" },
} as const satisfies Prompting;

/** What the answers of all clients cost by theory: their tokens, and what comes down besides. */
function expectedBytes(name: string): { readonly deliveries: number; readonly beside: number } {
  const { theory } = parseVariant(name).bound;
  const { seed } = trialOf(name, 256);
  const texts = new TokenTexts("text", { ends: false });
  const { tokens } = prompting.answer;
  let deliveries = noBytes;
  let beside = noBytes;
  for (let client = 0; client < clients; client += 1) {
    for (let request = 0; request < prompting.requests; request += 1) {
      const before = request * tokens;
      const place = { channel: ownChannel(client), authority: "" };
      const asked = theory?.asked?.({ ...place, payloadBytes: 300, number: before });
      beside = addBytes(beside, asked ?? noBytes);
      const walk = new WordWalk(answerSeed(seed, client, request));
      for (let position = 0; position < tokens; position += 1) {
        const payloadBytes = texts.words[walk.wordAt(position)]?.bytes.length ?? 0;
        const token = { ...place, payloadBytes, messages: 1, number: before + position + 1 };
        deliveries = addBytes(deliveries, theory?.down(token) ?? noBytes);
      }
    }
  }
  return { deliveries: deliveries.down, beside: beside.down };
}

it.each(["sse+method=post", "streaming+method=post"])(
  "costs in a trial of clients that prompt what theory says over %s",
  async (name) => {
    const phase = await playNetworked(name, async (stage) => {
      await stage.clients.connect(clients, { channels: "own", prompts: true });
      return await stage.phase("answers", () => stage.clients.prompt(prompting));
    });
    const { deliveries, beside } = expectedBytes(name);
    expect(phase.wire?.parts.deliveries).toBe(deliveries);
    expect(phase.wire?.bytes.down).toBe(deliveries + beside);
  },
);
