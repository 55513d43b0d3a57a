import { wrapped } from "../../bench/text/wrapped.ts";
import { gridText } from "../grid.ts";
import type { Atlas } from "./atlas.ts";
import { atlasGrid, frontTitle, proxyTitle } from "./grid.ts";
import { atlasLegend } from "./mark.ts";
import { nothingFound, proxySentences, sentenceText } from "./sentences.ts";

/** The matrix, and what was found in words. */
export function atlasLines(atlas: Atlas, width: number): string[] {
  return [
    ...atlas.fronts.flatMap((front) => [
      ...wrapped(frontTitle(atlas, front), "", width),
      gridText(atlasGrid(atlas, front), 0, width, "words"),
    ]),
    ...wrapped(atlasLegend, "", width),
    ...atlas.proxies.flatMap((proxy) => {
      const said = proxySentences(atlas, proxy).map(sentenceText);
      const none = nothingFound(proxy);
      const items = [...said, ...(none === null ? [] : [none])];
      return items.length === 0
        ? []
        : [
            "",
            ...wrapped(proxyTitle(atlas, proxy), "", width),
            ...items.flatMap((item) => wrapped(item, "- ", width)),
          ];
    }),
  ];
}
