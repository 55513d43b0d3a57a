import { listing } from "../../bench/text/format.ts";
import type { VNode } from "preact";
import type { RecordedProxy } from "../../bench/results/recorded-proxies.ts";
import { TextTable } from "../page/section.tsx";
import { Panel } from "./cell-panel.tsx";
import { wordsOf } from "./fault-words.ts";
import type { PlacedProxy } from "./placed-atlas.ts";
import { Source } from "./words.tsx";

/** A proxy's configurations, as they were written for it. */
export function ProxyPanel({
  placed: { id, rowId, proxy },
}: {
  readonly placed: PlacedProxy;
}): VNode {
  return (
    <Panel id={id} title={proxy.title} back={rowId}>
      {proxy.configurations.map(({ name, recorded }) =>
        recorded === null ? null : <Configuration key={name} proxy={recorded} />,
      )}
      {proxy.configurations.every(({ recorded }) => recorded === null) ? (
        <p>The results don't have its configurations.</p>
      ) : null}
    </Panel>
  );
}

function Configuration({ proxy }: { readonly proxy: RecordedProxy }): VNode {
  const { configuration, about, changes, documented, files } = proxy;
  return (
    <>
      <h4>
        <bdi>{configuration}</bdi>
      </h4>
      <p class="quiet">
        <bdi>{about}</bdi>
      </p>
      {changes.length === 0 ? null : (
        <TextTable
          label={`What ${configuration} changes`}
          heads={["setting", "against", "source"]}
          rows={changes.map(({ setting, cures, source }) => [
            <code>{setting}</code>,
            listing(cures.map((kind) => wordsOf(kind).title)),
            <Source text={source} />,
          ])}
        />
      )}
      {documented.length === 0 ? null : (
        <TextTable
          label={`What the documentation says of ${configuration}`}
          heads={["", "the documentation says", "source"]}
          rows={documented.map(({ fault, says, source }) => [
            wordsOf(fault).topic,
            says,
            <Source text={source} />,
          ])}
        />
      )}
      {files.map(({ name, text }) => (
        <figure key={name} class="file">
          <figcaption class="caption">
            <bdi>{name}</bdi>
          </figcaption>
          <pre tabIndex={0}>
            <code>{text}</code>
          </pre>
        </figure>
      ))}
    </>
  );
}
