import type { Report } from "./report.ts";

/**
 * Every way to present results, in the order in which help names them; of those that `bench run` writes, what
 * draws comes last. Each is loaded when it is made: what draws charts takes time and memory.
 */
export const reports: readonly Report[] = [
  report("terminal", null, async () => (await import("./terminal.ts")).terminal),
  report("md", "report.md", async () => (await import("./markdown.ts")).markdown),
  report("csv", "results.csv", async () => (await import("./csv.ts")).csv),
  report("figures", "figures.csv", async () => (await import("./figures.ts")).figures),
  report("html", "report.html", async () => (await import("./html.tsx")).html),
  report("atlas", null, async () => (await import("./atlas/page.tsx")).atlasPage),
  report("png", "charts/", async () => (await import("./png.ts")).png),
  report("json", null, async () => (await import("./json.ts")).json),
];

function report(
  name: string,
  file: string | null,
  load: () => Promise<Pick<Report, "render">>,
): Report {
  const takesBase = ["terminal", "md", "html"].includes(name);
  return {
    name,
    file,
    takesBase,
    render: async (runs, options) => (await load()).render(runs, options),
  };
}
