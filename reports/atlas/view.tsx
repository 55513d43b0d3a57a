import type { VNode } from "preact";
import { Heading } from "../page/section.tsx";
import type { ScenarioSummary } from "../summary.ts";
import { CellPanel } from "./cell-panel.tsx";
import { figuresOf } from "./figures.ts";
import { proxyTitle } from "./grid.ts";
import { atlasLegend } from "./mark.ts";
import { Matrices } from "./matrix.tsx";
import { placedAtlas } from "./placed-atlas.ts";
import { ProxyPanel } from "./proxy-panel.tsx";
import { ProxyWords } from "./words.tsx";

interface AtlasProps {
  readonly scenario: Pick<ScenarioSummary, "tables" | "atlases">;
  /** Begins the ids of all that is in it. */
  readonly id: string;
}

/** A scenario's atlases: matrices, what they say in words, and what a cell or a proxy leads to. */
export function Atlases({ scenario, id }: AtlasProps): VNode {
  const all = scenario.atlases.map((atlas, index) =>
    placedAtlas(atlas, index === 0 ? id : `${id}-${index + 1}`),
  );
  return (
    <>
      {all.map((placed) => (
        <Matrices key={placed.id} placed={placed} />
      ))}
      <p class="caption">
        {atlasLegend} A cell leads to its figures and findings, a proxy to its configurations.
      </p>
      {all.flatMap(({ atlas, proxies }) =>
        proxies.map(({ id, proxy }) => (
          <div key={id} class="words">
            <Heading level={3} id={`${id}--words`} text={proxyTitle(atlas, proxy)} />
            <ProxyWords atlas={atlas} proxy={proxy} />
          </div>
        )),
      )}
      {all.flatMap(({ atlas, proxies }) => {
        const figures = figuresOf(scenario, atlas.run);
        return proxies.flatMap((placed) => [
          <ProxyPanel key={placed.id} placed={placed} />,
          ...placed.cells
            .filter(({ sides }) => sides.some((side) => side !== null))
            .map((cell) => (
              <CellPanel key={cell.id} proxy={placed} cell={cell} figures={figures(cell)} />
            )),
        ]);
      })}
    </>
  );
}
