import { readFileSync } from "node:fs";

/** What of @napi-rs/canvas is needed, and Cairo's `canvas` doesn't have. */
interface Fonts {
  has(family: string): boolean;
  register(font: Buffer, family: string): unknown;
}

/** Each file has letters of one script; a text takes its letters from the first family that has them. */
const families = {
  latin: "Chart Latin",
  "latin-ext": "Chart Latin Extended",
  greek: "Chart Greek",
  cyrillic: "Chart Cyrillic",
} as const;

/** Pictures have a font of their own: a machine may have none, and then text would not be drawn at all. */
export function registerFonts(fonts: Fonts, { resolve }: NodeJS.Require): void {
  for (const [script, family] of Object.entries(families)) {
    // They are the whole process's, and a second copy would change how texts are drawn.
    if (fonts.has(family)) continue;
    for (const weight of [400, 600]) {
      const file = `@fontsource/inter/files/inter-${script}-${weight}-normal.woff2`;
      const key = fonts.register(readFileSync(resolve(file)), family);
      if (key === null) throw new Error(`the font ${file} can't be read`);
    }
  }
}
