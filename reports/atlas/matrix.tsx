import type { VNode } from "preact";
import { Heading, Name, ScrollTable } from "../page/section.tsx";
import { frontTitle } from "./grid.ts";
import { markOf } from "./mark.ts";
import type { Mark } from "./mark.ts";
import type { PlacedAtlas, PlacedCell, PlacedProxy } from "./placed-atlas.ts";

/** Proxies by transports: a table for each thing that clients speak with the proxy. */
export function Matrices({ placed }: { readonly placed: PlacedAtlas }): VNode {
  const { atlas, fronts, proxies } = placed;
  return (
    <>
      {fronts.map(({ id, front }) => {
        const title = frontTitle(atlas, front);
        const names = new Set(front.columns.map(({ name }) => name));
        return (
          <div key={id} class="table">
            <Heading level={3} id={id} text={title} />
            <ScrollTable label={title} class="matrix">
              <thead>
                <tr>
                  <th scope="col" class="subject">
                    proxy
                  </th>
                  {front.columns.map(({ name, title }) => (
                    <th key={name} scope="col">
                      <Name text={title} />
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {proxies.map((one) => (
                  <ProxyRow key={one.id} placed={one} names={names} />
                ))}
              </tbody>
            </ScrollTable>
          </div>
        );
      })}
    </>
  );
}

function ProxyRow({
  placed: { id, rowId, proxy, cells },
  names,
}: {
  readonly placed: PlacedProxy;
  readonly names: ReadonlySet<string>;
}): VNode {
  return (
    <tr>
      <th scope="row" class="subject" id={rowId}>
        <a href={`#${id}`} title="Its configurations">
          <Name text={proxy.title} />
        </a>
      </th>
      {cells
        .filter(({ column }) => names.has(column.name))
        .map((cell) => (
          <td key={cell.id}>
            <Cell placed={cell} configurations={proxy.configurations.map(({ name }) => name)} />
          </td>
        ))}
    </tr>
  );
}

/** The sides of a cell beside each other; all of it leads to what was found. */
function Cell({
  placed: { id, linkId, sides },
  configurations,
}: {
  readonly placed: PlacedCell;
  readonly configurations: readonly string[];
}): VNode {
  const shown = configurations.map((name, index) => (
    <SideMark key={name} name={name} mark={markOf(sides[index]?.side)} />
  ));
  return sides.every((side) => side === null) ? (
    <span class="cell" id={linkId}>
      {shown}
    </span>
  ) : (
    <a class="cell" id={linkId} href={`#${id}`}>
      {shown}
    </a>
  );
}

/** A sign, which is not read out, and a word. */
function SideMark({
  name,
  mark: { sign, word, tone },
}: {
  readonly name: string;
  readonly mark: Mark;
}): VNode {
  return (
    <span class={`side ${tone}`}>
      <Sign sign={sign} />{" "}
      <span class="configuration">
        <bdi>{name}</bdi>
      </span>{" "}
      <span class="word">{word}</span>
    </span>
  );
}

export function Sign({ sign }: Pick<Mark, "sign">): VNode {
  return (
    <span class="sign" aria-hidden="true">
      {sign}
    </span>
  );
}
