import { describe, expect, it } from "vitest";
import { inGroups, placesOf } from "./groups.ts";

function named(
  ...names: readonly string[]
): { variant: string; transport: string; reference: boolean }[] {
  return names.map((variant) => ({
    variant,
    transport: variant.split(/[:@+]/)[0] ?? "",
    reference: variant.startsWith("tcp"),
  }));
}

function order(...names: readonly string[]): string[] {
  return inGroups(named(...names)).map(({ variant }) => variant);
}

describe("variants", () => {
  it("stand by transport, the plain one first", () => {
    expect(order("ws+tls", "sse@1s", "ws", "sse:eventsource", "ws@5s")).toEqual([
      "ws",
      "ws+tls",
      "ws@5s",
      "sse@1s",
      "sse:eventsource",
    ]);
  });

  it("keep their order where each is the only one of its transport", () => {
    expect(order("sse", "ws@5s", "poll")).toEqual(["sse", "ws@5s", "poll"]);
  });

  it("of references come last", () => {
    expect(order("tcp+a", "ws", "tcp", "ws+tls")).toEqual(["ws", "ws+tls", "tcp", "tcp+a"]);
  });

  it("of several runs keep each variant's rows together", () => {
    const rows = ["before", "after"].flatMap((run) =>
      named("ws+tls", "ws").map((row) => Object.assign(row, { run })),
    );
    expect(inGroups(rows).map(({ variant, run }) => `${variant} ${run}`)).toEqual([
      "ws before",
      "ws after",
      "ws+tls before",
      "ws+tls after",
    ]);
  });
});

describe("the place of a variant", () => {
  const places = placesOf(named("ws", "ws+tls", "sse@1s", "sse@5s", "poll"));

  it("is below the plain one of its transport, or else below the first", () => {
    expect(places.get("ws+tls")).toEqual({ base: "ws", beyond: "+tls" });
    expect(places.get("sse@5s")).toEqual({ base: "sse@1s", beyond: "@5s" });
  });

  it("is its own where it is the base, or alone", () => {
    for (const name of ["ws", "sse@1s", "poll"]) {
      expect(places.get(name)).toEqual({ base: name, beyond: null });
    }
  });

  it("shows the whole name of one that isn't called after its transport", () => {
    const odd = [...named("ws"), { variant: "mine", transport: "ws", reference: false }];
    expect(placesOf(odd).get("mine")).toEqual({ base: "ws", beyond: "mine" });
  });
});
