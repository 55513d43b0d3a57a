import type { ProxyFaultKind } from "../../scenarios/proxy-faults.ts";
import type { Question } from "./question.ts";

/** What an application can do by itself, in the order of what it costs; an answering end can be asked to do it. */
export interface ApplicationCure {
  readonly what: string;
  readonly question: Partial<Question>;
  readonly cures: readonly ProxyFaultKind[];
}

export const applicationCures: readonly ApplicationCure[] = [
  {
    what: "the field X-Accel-Buffering: no",
    question: { accel: "no" },
    cures: ["buffered", "head"],
  },
  {
    what: "the field Cache-Control: no-cache, no-transform",
    question: { transform: "no" },
    cures: ["compressed", "buffered"],
  },
  {
    what: "the fields X-Accel-Buffering: no and Cache-Control: no-cache, no-transform",
    question: { accel: "no", transform: "no" },
    cures: ["buffered", "compressed"],
  },
  {
    what: "a comment (a line with a colon) as soon as a client connects",
    question: { padding: 1 },
    cures: ["head"],
  },
  {
    what: "a comment of 8 KiB as soon as a client connects",
    question: { padding: 8_192 },
    cures: ["head", "buffered"],
  },
];
