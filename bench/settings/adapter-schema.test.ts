import { expect, it } from "vitest";
import * as z from "zod";
import { definitionsIn } from "./adapter-schema.ts";

const none = (): void => {};
const transport = { name: "mine", delivery: "push", clients: { default: none } };
const scenario = {
  name: "burst",
  summary: "A burst",
  workload: { clients: 1, ratePerSecond: 1, payloadBytes: 64 },
  measures: "time",
  describe: () => "",
  play: none,
};

it("takes a transport or a scenario alone, and a list of both, as they are", () => {
  expect(definitionsIn(transport)).toEqual({ transports: [transport], scenarios: [], proxies: [] });
  const { transports, scenarios } = definitionsIn([scenario, transport]);
  expect(transports[0]).toBe(transport);
  expect(scenarios[0]).toBe(scenario);
});

it("takes a transport with options of zod", () => {
  const options = z.strictObject({ heartbeatMs: z.number().default(5) });
  expect(definitionsIn({ ...transport, options }).transports).toHaveLength(1);
});

it.each<[unknown, RegExp]>([
  [
    undefined,
    /^its default export is neither a transport, a scenario nor a proxy, nor a list of these$/,
  ],
  [none, /neither/],
  [[transport, 5], /neither/],
  [[], /^its default export is an empty list$/],
  [{ ...transport, name: "a:b" }, /^a:b: name is not a name of letters, digits and hyphens$/],
  [{ ...transport, name: undefined }, /^name is not a name of letters/],
  [{ ...transport, delivery: "both" }, /^mine: delivery is not "push" or "pull"$/],
  [{ ...transport, clients: { lean: none } }, /^mine: clients\.default is not a function$/],
  [
    { ...transport, clients: { default: none, lean: 5 } },
    /^mine: clients\.lean is not a function$/,
  ],
  [
    { ...transport, clients: none },
    /^mine: clients is not an object of functions, one of them def/,
  ],
  [{ ...transport, options: {} }, /^mine: options is not a strict object of zod$/],
  [{ ...transport, aliases: ["a b"] }, /^mine: aliases\.0 is not a name/],
  [{ ...transport, layers: "h2" }, /^mine: layers is not a list of layers$/],
  [{ ...transport, layers: ["h3"] }, /^mine: layers\.0 is not one of the layers tls, resume, /],
  [
    { ...transport, layersWithout: { lean: ["h3"] } },
    /^mine: layersWithout\.lean\.0 is not one of the layers/,
  ],
  [{ ...transport, packages: ["mqtt"] }, /^mine: packages is not a function$/],
  [{ ...transport, serve: 5 }, /^mine: serve is not a function$/],
  [{ ...transport, polling: {} }, /^mine: polling\.path is not a function$/],
  [{ ...scenario, workload: {} }, /^burst: workload\.clients is not a whole number from 1 to/],
  [{ ...scenario, workload: 5 }, /^burst: workload is not an object with clients, ratePerSecond/],
  [{ ...scenario, measures: "" }, /^burst: measures is not "counts" or "time"$/],
  [{ ...scenario, describe: "" }, /^burst: describe is not a function$/],
])("refuses %j, and says what is wrong with it", (exported, message) => {
  expect(() => definitionsIn(exported)).toThrow(message);
});
