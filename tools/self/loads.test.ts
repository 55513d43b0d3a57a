import { describe, expect, it } from "vitest";
import { parseVariant } from "../../bench/settings/variant.ts";
import { isCompressed } from "../../transports/layers.ts";
import { againstBare } from "./contests.ts";
import { loads } from "./loads.ts";
import { Servers, parametersOf } from "./servers.ts";
import { selfSettings, wantedOf } from "./settings.ts";

describe("loads", () => {
  it.each(loads)("$name compresses nothing but a named corpus", ({ variant }) => {
    const parsed = parseVariant(variant);
    const kind = isCompressed(parsed.bound.layers) ? "json-tick" : undefined;
    const content = parametersOf(parsed).payload?.content;
    expect(content).toEqual(kind && { kind });
  });

  it.each(["+tls", "+h2", "+deflate", "streaming"])(
    "with %s are found by that, and are to come to nine tenths of a bare loop",
    async (layer) => {
      await using servers = new Servers();
      const wanted = wantedOf(againstBare(servers), selfSettings({ only: layer }));
      expect(wanted).not.toHaveLength(0);
      for (const { row, variant } of wanted) {
        expect(variant).toContain(layer);
        expect(row.aim).toEqual({ atLeast: 0.9 });
      }
    },
  );
});
