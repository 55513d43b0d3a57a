import { describe, expect, it } from "vitest";
import { phaseOf, resourcesOf } from "../../test/results-fixture.ts";
import { measuredOf } from "./measured.ts";

describe("a phase as scenarios see it", () => {
  it("has what crossed the wire, both ways, by what it was for", () => {
    const { wire, serverCpuMs, loadCpuMs } = measuredOf(phaseOf());
    expect(wire?.bytes).toEqual({ down: 12_000, up: 300 });
    expect(wire?.parts).toMatchObject({ deliveries: 11_000, heartbeats: 1_300, setUp: 0 });
    expect({ serverCpuMs, loadCpuMs }).toEqual({ serverCpuMs: 100, loadCpuMs: 40 });
  });

  it("doesn't call nothing what isn't known of a server", () => {
    const resources = [resourcesOf({ process: "publisher" }), resourcesOf({ process: "load" })];
    const measured = measuredOf({ ...phaseOf(), wire: null, resources });
    expect(measured).toMatchObject({ wire: null, link: null, serverCpuMs: null, loadCpuMs: 100 });
  });
});
