import type { Cell } from "./summary.ts";

/** A cell without a figure; the remark says why. */
export function emptyCell(remark: string): Cell {
  return {
    estimate: null,
    invalid: null,
    text: null,
    atLeast: false,
    isRange: false,
    best: false,
    uncertain: false,
    remark,
  };
}
