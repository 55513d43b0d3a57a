import type { ComponentChildren, VNode } from "preact";
import { capital, countOf } from "../../bench/text/format.ts";
import { groupBy } from "../group-by.ts";
import { Name, TextTable } from "../page/section.tsx";
import type { AtlasConfiguration } from "./atlas.ts";
import { wordsOf } from "./fault-words.ts";
import type { CellFigures } from "./figures.ts";
import { Sign } from "./matrix.tsx";
import { markOf } from "./mark.ts";
import type { PlacedCell, PlacedProxy } from "./placed-atlas.ts";
import { columnsText, faultSentence } from "./sentences.ts";
import type { Side } from "./side.ts";
import { SentenceText, Source } from "./words.tsx";

interface PanelProps {
  readonly id: string;
  readonly title: string;
  /** Where it was opened, and is to be left to. */
  readonly back: string;
  readonly children: ComponentChildren;
}

/** What is seen only when a link has led to it, beside the matrix. */
export function Panel({ id, title, back, children }: PanelProps): VNode {
  return (
    <section class="panel" id={id} tabIndex={-1} aria-labelledby={`${id}--title`}>
      <div class="panel-head">
        <h3 id={`${id}--title`}>
          <Name text={title} />
        </h3>
        <a class="close" href={`#${back}`}>
          Close
        </a>
      </div>
      {children}
    </section>
  );
}

/** All that is known of a transport behind a proxy. */
export function CellPanel({
  proxy: { id: proxyId, proxy },
  cell: { id, linkId, column, sides },
  figures,
}: {
  readonly proxy: PlacedProxy;
  readonly cell: PlacedCell;
  readonly figures: CellFigures;
}): VNode {
  const { configurations } = proxy;
  const documented = configurations.flatMap(({ name, recorded }, index) =>
    (recorded?.documented ?? []).map(({ fault, says, source }) => [
      `${name}: ${wordsOf(fault).topic}`,
      says,
      foundText(sides[index]?.side, fault),
      <Source text={source} />,
    ]),
  );
  return (
    <Panel id={id} title={`${proxy.title}: ${columnsText([column])}`} back={linkId}>
      <div class="sides">
        {configurations.map((configuration, index) => {
          const side = sides[index]?.side;
          const { sign, word, tone } = markOf(side);
          return (
            <div key={configuration.name}>
              <h4>
                <bdi>{configuration.name}</bdi>
              </h4>
              <p class={`verdict ${tone}`}>
                <Sign sign={sign} /> {word}
              </p>
              <SideText side={side} configuration={configuration}>
                {(side?.faults ?? []).map((fault) => (
                  <li key={fault.kind}>
                    <strong>{capital(wordsOf(fault.kind).title)}</strong>:{" "}
                    <SentenceText sentence={faultSentence(proxy, configuration, column, fault)} />.
                  </li>
                ))}
              </SideText>
            </div>
          );
        })}
      </div>
      {figures.length === 0 ? null : (
        <TextTable
          label={`Figures of ${proxy.title}: ${columnsText([column])}`}
          heads={["", ...configurations.map(({ name }) => name)]}
          rows={figures}
        />
      )}
      {documented.length === 0 ? null : (
        <TextTable
          label={`What the documentation of ${proxy.title} says, and what was found`}
          heads={["", "the documentation says", "found here", "source"]}
          rows={documented}
        />
      )}
      <p>
        <a href={`#${proxyId}`}>
          The configurations of <bdi>{proxy.title}</bdi>
        </a>
      </p>
    </Panel>
  );
}

function SideText({
  side,
  configuration: { recorded },
  children,
}: {
  readonly side: Side | undefined;
  readonly configuration: AtlasConfiguration;
  readonly children: readonly VNode[];
}): VNode {
  return (
    <>
      {recorded === null ? null : (
        <p class="quiet">
          <bdi>{recorded.about}</bdi>
        </p>
      )}
      {side === undefined ? null : (
        <p class="quiet">
          {countOf(side.played, "trial")}
          {side.remark === null ? null : (
            <>
              ; <bdi>{side.remark}</bdi>
            </>
          )}
        </p>
      )}
      {children.length === 0 ? null : <ul>{children}</ul>}
      {side === undefined || side.untold.length === 0 ? null : (
        <ul class="quiet">
          {[...groupBy(side.untold, ({ why }) => why)].map(([why, same]) => (
            <li key={why}>
              Can't be told, <bdi>{why}</bdi>:{" "}
              {same.map(({ kind }) => wordsOf(kind).title).join("; ")}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Of these two, what waits to be sent is both: which one is found depends on how often messages come. */
const waiting = ["buffered", "delayed"];

/** What the trials say of a kind of fault that the documentation speaks of. */
function foundText(side: Side | undefined, kind: string): string {
  const kinds = waiting.includes(kind) ? waiting : [kind];
  const faults = side?.faults.filter((one) => kinds.includes(one.kind)) ?? [];
  if (faults.length > 0) return faults.flatMap(({ texts }) => texts).join(" / ");
  const untold = side?.untold.find((one) => one.kind === kind);
  if (untold !== undefined) return `can't tell: ${untold.why}`;
  return side?.state === "told" ? "not found" : markOf(side).word;
}
