import { readFileSync, writeFileSync } from "node:fs";
import { BenchError } from "../../bench/errors/errors.ts";

/** The sections of documents that commands write; what stands around them is written by people. */
export type ProofSection = "simulate" | "aa" | "faults" | "soak" | "planted" | "tokens";

/** Puts the text between the section's marks; the file has to have them. */
export function writeSection(path: string, section: ProofSection, text: string): void {
  writeFileSync(path, withSection(readFileSync(path, "utf8"), section, text, path));
}

export function withSection(
  document: string,
  section: ProofSection,
  text: string,
  path: string,
): string {
  const [begin, end] = [`<!-- ${section} -->`, `<!-- /${section} -->`];
  const from = document.indexOf(begin);
  const to = document.indexOf(end, from);
  if (from === -1 || to === -1) {
    throw new BenchError(
      "output",
      `${path}: there has to be a line ${begin}, and one ${end} after it`,
    );
  }
  return `${document.slice(0, from + begin.length)}\n\n${text.trim()}\n\n${document.slice(to)}`;
}
