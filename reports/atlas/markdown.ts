import { brief, escaped } from "../markdown/escaped.ts";
import type { Section } from "../markdown/sections.ts";
import { gridText } from "../markdown/table.ts";
import type { Atlas } from "./atlas.ts";
import { atlasGrid, frontTitle, proxyTitle } from "./grid.ts";
import { atlasLegend } from "./mark.ts";
import { nothingFound, proxySentences } from "./sentences.ts";
import type { Sentence } from "./sentences.ts";

/** The matrix, and what was found in words, proxy by proxy. */
export function atlasSections(atlas: Atlas): Section[] {
  const name = `the atlas of ${escaped(brief(atlas.scenario, 60))}`;
  const grids = atlas.fronts.flatMap((front) => {
    const grid = atlasGrid(atlas, front);
    const cells = grid.map((row) => row.map((text) => escaped(brief(text, 100))));
    const head = escaped(brief(frontTitle(atlas, front), 200));
    return [`${head}:`, gridText(cells, cells[0]?.length ?? 0)];
  });
  return [
    { name, text: [...grids, escaped(atlasLegend)].join("\n\n"), rank: 1 },
    ...atlas.proxies.flatMap((proxy): Section[] => {
      const none = nothingFound(proxy);
      const items = [...proxySentences(atlas, proxy).map(shown), ...(none === null ? [] : [none])];
      if (items.length === 0) return [];
      const title = escaped(brief(proxyTitle(atlas, proxy), 160));
      const text = [`**${title}**`, items.map((item) => `- ${item}`).join("\n")].join("\n\n");
      return [{ name: `what was found behind ${title}`, text, rank: 1 }];
    }),
  ];
}

function shown(sentence: Sentence): string {
  return sentence
    .map(({ text, isCode }) => {
      const short = brief(text, 1_000);
      return isCode ? `<code>${escaped(short)}</code>` : spaced(short);
    })
    .join("");
}

/** Escaping takes the space at the ends of a text. */
function spaced(text: string): string {
  const [start = ""] = /^\s*/.exec(text) ?? [];
  const [end = ""] = /\s*$/.exec(text) ?? [];
  return `${start && " "}${escaped(text)}${end && " "}`;
}
