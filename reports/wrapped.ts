/** No line of a text report is wider. */
export const width = 100;

/** Breaks at spaces; further lines are indented as far as `lead` reaches. */
export function wrapped(text: string, lead: string): string[] {
  const lines: string[] = [];
  let line = lead;
  const room = width - lead.length;
  for (const word of text.split(" ").flatMap((long) => long.match(chunksOf(room)) ?? [long])) {
    if (line.length + word.length > width && line.trim() !== lead.trim()) {
      lines.push(line.trimEnd());
      line = " ".repeat(lead.length);
    }
    line += `${word} `;
  }
  lines.push(line.trimEnd());
  return lines;
}

function chunksOf(length: number): RegExp {
  return new RegExp(`.{1,${length}}`, "gu");
}
