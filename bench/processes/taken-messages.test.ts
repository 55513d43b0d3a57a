import { describe, expect, test } from "vitest";
import { TakenMessages } from "./taken-messages.ts";

describe("a server that knows what it has taken", () => {
  test("knows a message again by its channel and number", () => {
    const taken = new TakenMessages();
    expect(taken.take("a", 1)).toBe(true);
    expect(taken.take("b", 1)).toBe(true);
    expect(taken.take("a", 1)).toBe(false);
    expect(taken.counts()).toEqual({ taken: 2, repeated: 1 });
    expect(taken.counts()).toEqual({ taken: 0, repeated: 0 });
  });

  test("takes what was overtaken for new, and that once", () => {
    const taken = new TakenMessages();
    const news = [5, 7, 6, 6, 4, 5, 8].map((sequence) => taken.take("a", sequence));
    expect(news).toEqual([true, true, true, false, true, false, true]);
  });
});
