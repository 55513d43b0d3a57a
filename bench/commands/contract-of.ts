import type { BoundTransport } from "../../transports/define-transport.ts";
import type { Layers } from "../../transports/layers.ts";
import { knownTransports } from "../settings/adapters.ts";
import type { Variant } from "../settings/variant.ts";
import { contractTests } from "../conformance/contract.ts";
import type { ContractOptions, ContractTest, Exception } from "../conformance/contract.ts";

/** What a variant has to fulfil: with every client, where it is named without one and without options. */
export function contractOf(
  { name, transport, client, bound }: Variant,
  limitMs?: number,
  pagesOf?: NonNullable<ContractOptions["pagesOf"]>,
): readonly ContractTest[] {
  const definition = knownTransports().find((known) => known.name === transport);
  if (definition === undefined) return [];
  return contractTests(definition, {
    options: bound.options,
    exceptions: [
      ...layerExceptions(bound.layers),
      ...(bound.browser === null ? [] : browserExceptions(bound)),
    ],
    ...(name !== transport && { clients: [client] }),
    ...(bound.browser !== null && pagesOf !== undefined && { pagesOf }),
    ...(limitMs !== undefined && { limitMs }),
  });
}

/** What a transport can't fulfil over these layers, whatever it does. */
export function layerExceptions(layers: Layers): readonly Exception[] {
  return layers.keepalive === undefined ? [] : ofSingleRequests;
}

/** What clients in a browser can't fulfil, whatever they do. */
export function browserExceptions({ delivery }: BoundTransport): readonly Exception[] {
  const always = [longFrames, dialledAgain];
  return delivery === "pull" ? [...always, askedAgain, keptOpen] : always;
}

const keptOpen: Exception = {
  reason: "a browser keeps a connection after its last poll, and the relay waits for its end",
  tests: ["counts bytes as an independent relay does, to the byte"],
};

const longFrames: Exception = {
  reason: "a browser sends a long message in several frames of its own choice",
  tests: ["costs what theory says for a payload of 1000000 bytes, to the byte"],
};

const askedAgain: Exception = {
  reason: "a browser asks again by itself on another connection, and tells nobody",
  tests: ["tells a client that it was cut off, or of the connection in its place, once"],
};

const dialledAgain: Exception = {
  reason: "a browser dials when it sees fit, and tells nobody",
  tests: ["dials again where the server has ended a connection between answers"],
};

const ofSingleRequests: readonly Exception[] = [
  {
    reason: "between two polls there is no connection to cut",
    tests: ["tells a client that it was cut off, or of the connection in its place, once"],
  },
];
