import type { Figure, Phase } from "../results/schema.ts";
import { workMs } from "../results/work-time.ts";
import { sum } from "../statistics/basics.ts";

const common = { bound: "exact", better: "neither" } as const;

type PhaseBalancer = NonNullable<Phase["balancer"]>;
type Stated = Omit<Figure, "bound" | "better" | "table">;

/** What the balancer did in all measured phases; none where nothing stood in front of servers. */
export function balancerFigures(phases: readonly Phase[]): Figure[] {
  const balanced = phases.filter(({ measured, balancer }) => measured && balancer !== undefined);
  const balancers = balanced.flatMap(({ balancer }) => balancer ?? []);
  const [first] = balancers;
  if (first === undefined) return [];
  const { program, reads, servers } = first;
  const many = servers === 1 ? "1 server" : `${servers} servers`;
  const table = `what ${program} did in front of ${many}`;
  const note = reads === "bytes" ? { note: "bytes are passed on without being read" } : {};
  const shares = servers === 1 ? [] : [shareFigure(balancers)];
  return [...useFigures(balanced), ...shares].map((figure) =>
    Object.assign(figure, common, note, { table }),
  );
}

function useFigures(balanced: readonly Phase[]): Stated[] {
  const used = balanced.flatMap(({ resources }) =>
    resources.filter(({ process }) => process === "balancer" || process === "proxy"),
  );
  const delivered = sum(balanced.map(({ deliveries }) => deliveries.delivered));
  const [{ process: role } = { process: "balancer" }] = used;
  const held = used.flatMap(({ rssBytes }) => rssBytes ?? []);
  return [
    {
      key: `${role}.cpu`,
      label: `${role} CPU, ms\nper 1 000 deliveries`,
      unit: "ms",
      value:
        delivered === 0 || used.length === 0 ? null : (1_000 * sum(used.map(workMs))) / delivered,
    },
    {
      key: `${role}.memory`,
      label: `${role}\nmemory, MB`,
      unit: "count",
      value: held.length === 0 ? null : Math.round(Math.max(...held) / 1e6),
      about:
        "the most that its processes held at the end of a phase; what they share counts for each",
    },
  ];
}

/** Of all phases together, since one of few messages may have its own way. */
function shareFigure(balancers: readonly PhaseBalancer[]): Stated {
  const known = balancers.flatMap(({ deliveredBytes }) =>
    deliveredBytes === null ? [] : [deliveredBytes],
  );
  const bytes = (known[0] ?? []).map((_, server) =>
    sum(known.map((delivered) => delivered[server] ?? 0)),
  );
  const all = sum(bytes);
  return {
    key: "balancer.busiest",
    label: "busiest\nserver, %",
    unit: "percent",
    value: all === 0 ? null : (100 * Math.max(...bytes)) / all,
    about: "its share of the bytes of deliveries",
  };
}
