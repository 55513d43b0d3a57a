import * as z from "zod";
import type { Scenario } from "../../scenarios/scenario.ts";
import { layerNames } from "../../transports/layers.ts";
import { realNumber, wholeNumber } from "../../transports/option-values.ts";
import { maxMessageBytes } from "../../transports/transport.ts";
import type { Transport } from "../../transports/transport.ts";
import { proxyIn } from "../proxies/define-proxy.ts";
import type { Proxy } from "../proxies/proxy.ts";
import { headBytes } from "../payloads/envelope.ts";

// What a file of an outsider may export: its author may have written it without types.

export const aName = "a name of letters, digits and hyphens";
export const namePattern: RegExp = /^[a-z][a-z0-9-]{0,59}$/i;
const name = z.string(aName).regex(namePattern, aName);
const aText = "a text of 1 to 500 characters";
const text = z.string(aText).min(1, aText).max(500, aText);

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

const method = z.custom(isFunction, "a function");

const layers = z.array(
  z.enum(layerNames, `one of the layers ${layerNames.join(", ")}`),
  "a list of layers",
);

const transportShape = z.looseObject({
  name,
  title: text.optional(),
  summary: text.optional(),
  aliases: z.array(name, "a list of names").optional(),
  delivery: z.enum(["push", "pull"], '"push" or "pull"'),
  options: z.custom((given) => given instanceof z.ZodObject, "a strict object of zod").optional(),
  shorthand: z.string("the name of an option").optional(),
  clients: z
    .looseObject({ default: method }, "an object of functions, one of them default")
    .catchall(method),
  layers: layers.optional(),
  layersWithout: z.record(z.string(), layers, "an object of lists of layers").optional(),
  comesBack: z.array(name, "a list of clients").optional(),
  onlyReceives: z.array(name, "a list of clients").optional(),
  answers: method.optional(),
  refusal: method.optional(),
  asIs: z.literal(true, "true").optional(),
  scenarios: z.array(name, "a list of names").optional(),
  packages: method.optional(),
  libraryBus: method.optional(),
  prepare: method.optional(),
  prepareToServe: method.optional(),
  idleCycleMs: method.optional(),
  polling: z.looseObject({ path: method, intervalMs: method }).optional(),
  theory: method.optional(),
  classify: method.optional(),
  heartbeatsIn: method.optional(),
  serve: method.optional(),
  publish: method.optional(),
});

const scenarioShape = z.looseObject({
  name,
  summary: text,
  workload: z.looseObject(
    {
      clients: wholeNumber(1, 100_000),
      ratePerSecond: realNumber(0.01, 1_000_000),
      payloadBytes: wholeNumber(headBytes, maxMessageBytes),
    },
    "an object with clients, ratePerSecond and payloadBytes",
  ),
  trials: wholeNumber(1, 1_000).optional(),
  durationShare: realNumber(0.01, 100).optional(),
  trialsAtOnce: wholeNumber(1, 16).optional(),
  takes: z
    .array(
      z.enum(["reconnect", "cutEveryMs", "objectiveMs"], "reconnect, cutEveryMs or objectiveMs"),
      "a list",
    )
    .optional(),
  measures: z.enum(["counts", "time"], '"counts" or "time"'),
  describe: method,
  play: method,
});

/** What a file defines. */
export interface Definitions {
  readonly transports: readonly Transport<object>[];
  readonly scenarios: readonly Scenario[];
  readonly proxies: readonly Proxy[];
}

const none = "neither a transport, a scenario nor a proxy, nor a list of these";

/** Reads the default export of a module: a transport, a scenario, a proxy, or a list of them. Throws why it is none of them. */
export function definitionsIn(exported: unknown): Definitions {
  const items: readonly unknown[] = Array.isArray(exported) ? exported : [exported];
  const transports: Transport<object>[] = [];
  const scenarios: Scenario[] = [];
  const proxies: Proxy[] = [];
  for (const item of items) {
    if (isLike(item, "play")) {
      assertScenario(item);
      scenarios.push(item);
    } else if (isLike(item, "clients")) {
      assertTransport(item);
      transports.push(item);
    } else if (isLike(item, "configurations")) {
      proxies.push(proxyIn(item));
    } else throw new Error(`its default export is ${none}`);
  }
  if (items.length === 0) throw new Error("its default export is an empty list");
  return { transports, scenarios, proxies };
}

function isLike(item: unknown, key: string): item is object {
  return typeof item === "object" && item !== null && key in item;
}

function assertTransport(item: object): asserts item is Transport<object> {
  check(item, transportShape);
}

function assertScenario(item: object): asserts item is Scenario {
  check(item, scenarioShape);
}

/** Parsing makes a copy, on which methods would miss their own object. */
function check(item: object, shape: z.ZodType): void {
  const parsed = shape.safeParse(item);
  if (parsed.success) return;
  const [issue] = parsed.error.issues;
  const whose = "name" in item && typeof item.name === "string" ? `${item.name}: ` : "";
  throw new Error(`${whose}${issue?.path.join(".")} is not ${issue?.message}`);
}
