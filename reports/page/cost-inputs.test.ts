import { describe, expect, it } from "vitest";
import { inputDefinitions, positionOf, sliderSteps, valueAt } from "./cost-inputs.ts";

describe.each(inputDefinitions)("the slider of $key", (definition) => {
  const { slider } = definition;
  const positions = Array.from({ length: sliderSteps + 1 }, (_, position) => position);

  it("reaches from one end to the other", () => {
    expect(valueAt(0, definition)).toBe(slider.withZero ? 0 : slider.from);
    expect(valueAt(sliderSteps, definition)).toBe(slider.to);
    expect(positionOf(slider.to, definition)).toBe(sliderSteps);
  });

  it("never goes back while it goes on", () => {
    const values = positions.map((position) => valueAt(position, definition));
    expect(values).toEqual(values.toSorted((a, b) => a - b));
  });

  it("stands nearly where it was put", () => {
    const far = positions.filter((position) => {
      const value = valueAt(position, definition);
      // What is rounded to few whole numbers has several positions.
      return value > 20 * slider.from && Math.abs(positionOf(value, definition) - position) > 1;
    });
    expect(far).toEqual([]);
  });

  it("stays at its ends for what lies beyond them", () => {
    expect(positionOf(slider.to * 10, definition)).toBe(sliderSteps);
    expect(positionOf(slider.from / 10, definition)).toBe(0);
  });
});
