import os from "node:os";
import { describe, expect, it } from "vitest";
import { environment as before } from "../../test/results-fixture.ts";
import { environmentAfter, environmentNow } from "./environment.ts";
import { resultsSchema } from "./schema.ts";

describe("the environment record", () => {
  it("keeps to the schema and to what Node says itself", async () => {
    const now = resultsSchema.shape.environment.parse(await environmentNow());
    expect(now.host).toMatchObject({
      kernel: os.release(),
      memoryBytes: os.totalmem(),
      cores: os.availableParallelism(),
      stealShare: null,
    });
    expect(now.software.versions).toEqual({ ...process.versions });
    expect(Object.values(now.software.libraries)).not.toContain("unknown");
  });

  it("gets from a run's end what only that shows", () => {
    const began = { total: 0, processes: 0, steal: 0 };
    const after = environmentAfter(before, began);
    expect(after).toEqual({
      ...before,
      host: { ...before.host, loadAfter: after.host.loadAfter, stealShare: after.host.stealShare },
    });
    expect(environmentAfter(before, null).host.stealShare).toBeNull();
  });
});
