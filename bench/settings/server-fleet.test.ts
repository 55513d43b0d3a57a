import { expect, it } from "vitest";
import { asFlag } from "./naming.ts";
import { resolveConfig } from "./config.ts";

const broker = { url: "redis://127.0.0.1:1", port: 1, shown: "redis://127.0.0.1:1" };

it("refuses a broker of the user's own where servers are in namespaces", () => {
  const settings = { bus: "redis", netns: true } as const;
  expect(() => resolveConfig(settings, asFlag, 1, null, broker)).toThrow(
    "redis://127.0.0.1:1 and --netns exclude each other: a broker of your own is not in the namespaces",
  );
  const overRelay = { bus: "redis", network: "relay:4g" } as const;
  expect(resolveConfig(overRelay, asFlag, 1, null, broker).broker).toEqual(broker);
});
