import type { Layers } from "../../transports/layers.ts";
import { knownTransports } from "../settings/adapters.ts";
import type { Variant } from "../settings/variant.ts";
import { contractTests } from "../conformance/contract.ts";
import type { ContractTest, Exception } from "../conformance/contract.ts";

/** What a variant has to fulfil: with every client, where it is named without one and without options. */
export function contractOf(
  { name, transport, client, bound }: Variant,
  limitMs?: number,
): readonly ContractTest[] {
  const definition = knownTransports().find((known) => known.name === transport);
  if (definition === undefined) return [];
  return contractTests(definition, {
    options: bound.options,
    exceptions: layerExceptions(bound.layers),
    ...(name !== transport && { clients: [client] }),
    ...(limitMs !== undefined && { limitMs }),
  });
}

/** What a transport can't fulfil over these layers, whatever it does. */
export function layerExceptions(layers: Layers): readonly Exception[] {
  return layers.keepalive === undefined ? [] : ofSingleRequests;
}

const ofSingleRequests: readonly Exception[] = [
  {
    reason: "between two polls there is no connection to cut",
    tests: ["tells a client that it was cut off, or of the connection in its place, once"],
  },
];
