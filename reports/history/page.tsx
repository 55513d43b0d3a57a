import { countOf } from "../../bench/text/format.ts";
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import type { Chart } from "../charts/chart.ts";
import { visibleIn } from "../../bench/text/visible.ts";
import { ChartFigure } from "../page/chart-figure.tsx";
import { DocumentHead, assets } from "../page/document-head.tsx";
import { Section, TextTable } from "../page/section.tsx";
import type { Draw } from "../report.ts";
import { cellOf } from "../../bench/results/comparison.ts";
import { historyCharts } from "./charts.ts";
import { hasMoved, machineName, runName, tracksOf, trackText } from "./tracks.ts";
import type { Track } from "./tracks.ts";
import type { History } from "../../bench/results/stored-runs.ts";

/** One page that needs nothing beside itself, not even a script: pictures and tables. */
export async function historyPage(given: History, draw: Draw): Promise<string> {
  const history = visibleIn(given);
  const figures: VNode[] = [];
  for (const chart of historyCharts(history)) {
    const picture = (await draw(chart))?.plain ?? null;
    figures.push(<ChartFigure key={chart.name} id={idOf(chart)} chart={chart} picture={picture} />);
  }
  return `<!doctype html>\n${renderToString(<Page history={history} figures={figures} />)}\n`;
}

function idOf({ name }: Chart): string {
  return `chart-${name}`;
}

interface PageProps {
  readonly history: History;
  readonly figures: readonly VNode[];
}

function Page({ history, figures }: PageProps): VNode {
  const { runs, skipped } = history;
  const title = `History of ${countOf(runs.length, "run")}`;
  const { style } = assets();
  return (
    <html lang="en">
      <DocumentHead title={title} assets={{ style }} />
      <body>
        <header class="head">
          <h1>{title}</h1>
        </header>
        <main>
          <Section id="charts" title="What moved">
            {figures.length === 0 ? (
              <p>No gating metric is another than in the first run.</p>
            ) : null}
            {figures}
          </Section>
          <Metrics history={history} />
          <Runs history={history} />
          {skipped.length === 0 ? null : <SkippedFiles history={history} />}
        </main>
      </body>
    </html>
  );
}

interface HistoryProps {
  readonly history: History;
}

/** Tracks that never moved, folded away. */
function Metrics({ history }: HistoryProps): VNode {
  const tracks = tracksOf(history);
  const [moved, still] = [tracks.filter(hasMoved), tracks.filter((track) => !hasMoved(track))];
  const runs = history.runs.length;
  return (
    <Section id="metrics" title="All gating metrics">
      {moved.length === 0 ? null : <Tracks tracks={moved} runs={runs} caption="What moved" />}
      {still.length === 0 ? null : (
        <details>
          <summary>The same in all runs: {still.length}</summary>
          <Tracks tracks={still} runs={runs} caption="What never moved" />
        </details>
      )}
    </Section>
  );
}

interface TracksProps {
  readonly tracks: readonly Track[];
  readonly runs: number;
  readonly caption: string;
}

function Tracks({ tracks, runs, caption }: TracksProps): VNode {
  return (
    <TextTable
      label={caption}
      heads={["metric", "in", "first", "last", "range", "course"]}
      rows={tracks.map((track) => {
        const { first, last, range, course } = trackText(track, runs);
        const place = [cellOf(track), ...(track.machine === null ? [] : [track.machine])];
        const whole = <span class="whole">{course}</span>;
        return [track.metric, place.join(", "), first, last, range, whole];
      })}
    />
  );
}

function Runs({ history: { runs } }: HistoryProps): VNode {
  return (
    <Section id="runs" title="Runs">
      <TextTable
        label="Runs, oldest first"
        heads={["run", "started", "machine", "outcome", "file"]}
        rows={runs.map((run) => [
          runName(run),
          run.startedAt,
          machineName(run.machine).replace("machine ", ""),
          run.outcome ?? "not compared",
          run.path,
        ])}
      />
    </Section>
  );
}

function SkippedFiles({ history: { skipped } }: HistoryProps): VNode {
  return (
    <Section id="skipped" title="Skipped files">
      <TextTable
        label="Skipped files"
        heads={["file", "why"]}
        rows={skipped.map(({ path, why }) => [path, why])}
      />
    </Section>
  );
}
