/** What `--write` takes. A list of its own, so that help needn't load what makes them. */
export const comparisonFormats = [
  "terminal",
  "md",
  "junit",
  "json",
  "github-action-benchmark",
  "github-action-benchmark-bigger",
  "bencher",
] as const;

export type ComparisonFormat = (typeof comparisonFormats)[number];
