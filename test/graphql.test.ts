import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { casesOf, conform } from "../bench/conformance/conform.ts";
import { RecordingClient } from "../bench/conformance/recording-client.ts";
import { Dialler, urlAt } from "../bench/measure/dialler.ts";
import { CountingRelay } from "../bench/measure/relay.ts";
import { importAdapter } from "../bench/settings/import-adapter.ts";
import type { Adapter } from "../bench/settings/adapters.ts";
import type { BoundTransport } from "../transports/define-transport.ts";
import { failuresOf } from "./conformance-check.ts";
import { ExampleServer } from "./example-server.ts";

// An ordinary GraphQL server, by examples/adapters/graphql.ts.

const host = "127.0.0.1";
const text = "x".repeat(256);
const uuid = "01234567-89ab-4cde-8fab-0123456789ab";
const data = `{"data":{"messages":"${text}"}}`;

/** RFC 6455, section 5.2, for a frame of 126 bytes to 65 535. */
const inFrame = (content: string): number => 4 + content.length;
/** RFC 9112, section 7.1. */
const inChunk = (content: string): number =>
  `${content.length.toString(16)}\r\n${content}\r\n`.length;

describe("a GraphQL server as it is", () => {
  let server: ExampleServer;
  let port: number;
  let adapter: Adapter;

  beforeAll(async () => {
    server = new ExampleServer("adapters/graphql-server.js");
    const file = new URL("../examples/adapters/graphql.ts", import.meta.url);
    adapter = await importAdapter(fileURLToPath(file));
    port = await server.port;
  });

  afterAll(() => server[Symbol.asyncDispose]());

  function bound(name: string, client: string): BoundTransport {
    const transport = adapter.transports.find((one) => one.name === name);
    if (transport === undefined) throw new Error(`there is no ${name}`);
    return transport.configure(client, {});
  }

  it.each([
    ["graphql-ws", "default"],
    ["graphql-sse", "default"],
    ["graphql-sse", "single"],
  ])("does all that a server must to be measured: %s:%s", async (name, client) => {
    const transport = bound(name, client);
    const required = casesOf(name).filter(({ level }) => level === "required");
    const under = { url: urlAt(host, port), host, port, transport, caseLimitMs: 60_000 };
    const outcomes = await conform(required, under);
    expect(outcomes).toHaveLength(required.length);
    expect(failuresOf(outcomes)).toEqual({});
  });

  it.each([
    ["graphql-ws", "default", inFrame(`{"id":"${uuid}","type":"next","payload":${data}}`), 98],
    ["graphql-sse", "default", inChunk(`event: next\ndata: ${data}\n\n`), 51],
    [
      "graphql-sse",
      "single",
      inChunk(`event: next\ndata: {"id":"${uuid}","payload":${data}}\n\n`),
      107,
    ],
  ])(
    "sends as many bytes as the format has, as docs/graphql.md says: %s:%s",
    async (name, client, bytes, beyond) => {
      const transport = bound(name, client);
      await using relay = await CountingRelay.open([host], { host, port, tls: null }, transport);
      const seen = new RecordingClient();
      const dialler = new Dialler(host, relay.port);
      await using connection = await transport.connect(
        {
          url: urlAt(host, relay.port),
          channel: "bytes",
          phase: 0,
          dial: () => dialler.dial(),
        },
        seen,
      );
      relay.settle();
      connection.send(Buffer.from(text));
      expect(await seen.count(1)).toEqual([text]);
      expect(relay.totals().parts.deliveries).toEqual({ down: bytes, up: 0 });
      expect(bytes - text.length).toBe(beyond);
      await dialler.reset();
    },
  );
});
