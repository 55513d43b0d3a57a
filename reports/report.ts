import type { Results } from "../bench/results/schema.ts";

/** A way to present results: a pure function of them, so that it can be made again, later, elsewhere. */
export interface Report {
  readonly name: string;
  /** What `bench run` calls the file; null when it only prints it. */
  readonly file: string | null;
  render(results: Results, options: RenderOptions): string;
}

export interface RenderOptions {
  /** Whether the reader is a terminal that shows colours. Nothing is told by colour alone. */
  readonly colour: boolean;
}
