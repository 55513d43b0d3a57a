import { asIsMeaning } from "../as-is.ts";
import type { VNode } from "preact";
import { floorMeaning } from "../floor-meaning.ts";
import { estimatesIn, intervalLegend, marksLegend } from "../legend.ts";
import type { Run } from "../run.ts";
import type { Summary } from "../summary.ts";
import { Section } from "./section.tsx";

interface MethodProps {
  readonly runs: readonly Run[];
  readonly summary: Summary;
}

/** How to read the figures, and what they rest on. */
export function Method({ runs, summary }: MethodProps): VNode {
  const rows = summary.scenarios.flatMap(({ tables }) => tables.flatMap((table) => table.rows));
  const netns = runs.map(({ results }) => results.run.netns);
  return (
    <Section id="method" title="Method">
      <p>
        <strong>Trials.</strong> Each trial runs a scenario once, with a server and clients in
        freshly started processes; variants run in an order drawn from the seed. A figure is the
        median over the valid trials of a variant, one value from each: percentiles are never
        averaged. If a chart shows the distribution of several trials, their histograms are added
        up, and it says so.
      </p>
      <p>
        <strong>Intervals.</strong> {intervalLegend(estimatesIn(rows))} {marksLegend(rows, "*")} A
        figure in brackets is from trials that don’t count; ≥ means that something other than the
        transport ended the measurement.
      </p>
      {summary.asIs === true ? <AsIs /> : <Messages netns={netns} />}
      {rows.some(({ reference }) => reference) ? (
        <p>
          <strong>The floor</strong> is {floorMeaning}.
        </p>
      ) : null}
    </Section>
  );
}

function Messages({ netns }: { readonly netns: readonly boolean[] }): VNode {
  return (
    <>
      <p>
        <strong>Latency</strong> is the time when the receiving application has a message less the
        time when it was due, on a schedule that never waits for responses, so a late send is
        charged to the message. Percentiles cover delivered messages.
      </p>
      <p>
        <strong>Bytes</strong> are {bytesText(netns)}, counted on the server’s side, both ways,
        including request headers, handshakes, empty polls and heartbeats.
      </p>
    </>
  );
}

function AsIs(): VNode {
  return (
    <p>
      <strong>Times.</strong> {asIsMeaning} Bytes are all that crossed the clients’ TCP connections
      from then on, without handshakes.
    </p>
  );
}

function bytesText(netns: readonly boolean[]): string {
  const own = netns.filter(Boolean).length;
  const payload = "all bytes that crossed the TCP connections, without TCP and IP headers";
  if (own === 0) return payload;
  const link = "on the trials' private links, whole IP packets were counted as well";
  return own === netns.length ? `${payload}; ${link}` : `${payload}; in some of the runs, ${link}`;
}
