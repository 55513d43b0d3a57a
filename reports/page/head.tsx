import { countOf } from "../../bench/text/format.ts";
import type { VNode } from "preact";
import type { Trial } from "../../bench/results/schema.ts";
import type { Run } from "../run.ts";
import { faultOf, targetOf } from "../heading.ts";
import { hostsText } from "../hosts.ts";
import { Name } from "./section.tsx";

/** More names than these are only counted. */
const maxNamed = 6;

/** What the page is about, in one line. */
export function titleOf(runs: readonly Run[]): string {
  return titleParts(runs).join("");
}

/** The names, at the odd places, and what stands between them. */
function titleParts(runs: readonly Run[]): string[] {
  const variants = runs.flatMap(({ results }) =>
    results.variants.filter(({ reference }) => !reference).map(({ name }) => name),
  );
  const names = [...new Set(variants)];
  if (names.length === 0) return ["What does the floor cost?"];
  if (names.length > maxNamed) return [`What do ${names.length} variants cost?`];
  const between = (index: number): string =>
    index === names.length - 1 ? " cost?" : index === names.length - 2 ? " and " : ", ";
  return [
    `What ${names.length === 1 ? "does" : "do"} `,
    ...names.flatMap((name, index) => [name, between(index)]),
  ];
}

/** A short name stays on one line. */
function Subject({ name }: { readonly name: string }): VNode {
  return name.length > 16 ? <Name text={name} /> : <bdi class="whole">{name}</bdi>;
}

export function Head({ runs }: { readonly runs: readonly Run[] }): VNode {
  return (
    <header class="head">
      <Origins runs={runs} />
      <h1>
        {titleParts(runs).map((part, index) =>
          index % 2 === 1 ? <Subject key={index} name={part} /> : part,
        )}
      </h1>
      <States runs={runs} />
    </header>
  );
}

/** Where and when it was measured. */
export function Origins({ runs }: { readonly runs: readonly Run[] }): VNode {
  return (
    <>
      {runs.map(({ label, results: { run, environment, trials } }) => (
        <p key={label} class="origin">
          {label === null ? null : (
            <>
              <strong>
                <bdi>{label}</bdi>
              </strong>
              :{" "}
            </>
          )}
          transport-bench <bdi>{environment.software.transportBench}</bdi> · {extentOf(trials)}
          <time dateTime={run.startedAt}>{dayOf(run.startedAt)}</time> ·{" "}
          <bdi>
            {hostsText({ environment }) ??
              `${environment.host.cpu}, ${environment.host.cores} cores`}
          </bdi>
        </p>
      ))}
      {runs
        .flatMap(({ results }) => targetOf(results) ?? [])
        .map((target, index) => (
          <p key={index} class="origin">
            <bdi>{target}</bdi>
          </p>
        ))}
    </>
  );
}

export function States({ runs }: { readonly runs: readonly Run[] }): VNode {
  return (
    <>
      {runs.map((run) => (
        <State key={run.label} run={run} />
      ))}
    </>
  );
}

/** How much was played, whatever profile was asked for: flags change what that means. */
function extentOf(trials: readonly Trial[]): string {
  const valid = trials.filter(({ outcome }) => outcome.status === "valid").length;
  if (trials.length === 0) return "";
  return `${countOf(trials.length, "trial")}${valid < trials.length ? `, ${valid} of them valid` : ""} · `;
}

/** What makes all that follows another thing than it seems to be. */
function State({ run: { label, results } }: { readonly run: Run }): VNode {
  const { status } = results.run;
  const fault = faultOf(results);
  const of = label === null ? "" : `${label}: `;
  return (
    <>
      {status === "complete" ? null : (
        <p class="alert">
          <strong>
            {of}
            {status.toUpperCase()}
          </strong>
          : part of it is missing.
        </p>
      )}
      {fault === null ? null : (
        <p class="alert">
          <strong>
            {of}
            {fault}
          </strong>
        </p>
      )}
    </>
  );
}

const months =
  "January February March April May June July August September October November December".split(
    " ",
  );

/** `23 November 2026`; as it is recorded where that is no date. */
function dayOf(recorded: string): string {
  const date = new Date(recorded);
  if (Number.isNaN(date.getTime())) return recorded;
  // Not by `toLocaleDateString`, which loads the calendars of the world for it.
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}
