import { wrapped } from "../bench/text/wrapped.ts";

/** Remarks under a table, each once. */
export class Footnotes {
  readonly #texts: string[] = [];

  mark(text: string): string {
    if (!this.#texts.includes(text)) this.#texts.push(text);
    return `[${this.#texts.indexOf(text) + 1}]`;
  }

  /** In the order of their marks: the first is `[1]`. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  lines(width: number): string[] {
    return this.#texts.flatMap((text, index) => wrapped(text, `[${index + 1}] `, width));
  }
}
