import type { InputDefinition } from "../cost-inputs.ts";

/** How far a slider goes, in steps. */
export const sliderSteps = 200;

/** The value at a position: each step by the same factor, rounded to two digits that people would say. */
export function valueAt(position: number, { slider, whole }: InputDefinition): number {
  const { from, to, withZero } = slider;
  if (withZero && position <= 0) return 0;
  const value = from * (to / from) ** (position / sliderSteps);
  const rounded = Number(value.toPrecision(2));
  return whole ? Math.round(rounded) : rounded;
}

/** The position nearest to a value; an end, where the value lies beyond it. */
export function positionOf(value: number, { slider }: InputDefinition): number {
  const { from, to } = slider;
  if (value <= 0) return 0;
  const position = (Math.log(value / from) / Math.log(to / from)) * sliderSteps;
  return Math.round(Math.min(Math.max(position, 0), sliderSteps));
}
