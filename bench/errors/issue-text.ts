import type * as z from "zod";

const longestPlace = 100;

/** The first thing that a schema finds wrong with a file, and where: `trials.0.figures.0.label: …`. */
export function issueText({ issues: [issue] }: z.ZodError): string {
  if (issue === undefined) return "is invalid";
  const path = issue.path.join(".");
  const place = path.length > longestPlace ? `${path.slice(0, longestPlace - 1)}…` : path;
  const what = issue.message.endsWith("received undefined") ? "is missing" : issue.message;
  return place === "" ? what : `${place}: ${what}`;
}
