import { describe, expect, it } from "vitest";
import * as z from "zod";
import { figureOf, phaseOf, resultsOf, trialOf } from "../../test/results-fixture.ts";
import { resultsSchema } from "./schema.ts";

describe("the results schema", () => {
  it("takes results with every kind of outcome", () => {
    const trials = [
      trialOf("sse", { phases: [phaseOf()], figures: [figureOf("p50", 1), figureOf("p99", null)] }),
      trialOf("sse", {
        outcome: { status: "invalid" },
        warnings: [{ code: "lost", phase: "steady", detail: "1 of 40 deliveries" }],
      }),
      trialOf("sse", {
        outcome: { status: "failed", by: "server", reason: "it died", stderr: "why\n" },
      }),
      trialOf("sse", { outcome: { status: "interrupted" } }),
    ];
    expect(resultsSchema.parse(resultsOf(trials))).toEqual(resultsOf(trials));
  });

  it.each(["key", "label", "table", "value", "phase"] as const)(
    "refuses a figure whose %s is too long for a name",
    (field) => {
      const figure = figureOf("p50", 1, { [field]: "x".repeat(201) });
      const { error } = resultsSchema.safeParse(resultsOf([trialOf("sse", { figures: [figure] })]));
      expect(error?.issues[0]?.path).toEqual(["trials", 0, "figures", 0, field]);
    },
  );

  it("refuses variants with names that nobody reads, and sentences that never end", () => {
    const long = resultsOf([trialOf("x".repeat(201))]);
    const reason = {
      status: "failed",
      by: "server",
      reason: "x".repeat(4_001),
      stderr: "",
    } as const;
    expect(resultsSchema.safeParse(long).success).toBe(false);
    expect(resultsSchema.safeParse(resultsOf([trialOf("sse", { outcome: reason })])).success).toBe(
      false,
    );
  });

  it("can be published as JSON Schema", () => {
    const published = z.toJSONSchema(resultsSchema);
    expect(published).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      additionalProperties: false,
      properties: { format: { const: "transport-bench results" }, schemaVersion: { const: 5 } },
    });
    expect(published.required).toEqual(Object.keys(resultsSchema.shape));
  });
});
