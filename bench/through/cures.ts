import { cures, isAnswering } from "../../scenarios/proxy-cures.ts";
import type { Answering } from "../../scenarios/scenario.ts";
import type { ProxyFaultKind } from "../../scenarios/proxy-faults.ts";
import type { Question } from "./question.ts";

/** What an application can do by itself, in the order of what it costs; an answering end can be asked to do it. */
export interface ApplicationCure {
  readonly what: string;
  readonly question: Partial<Question>;
  readonly cures: readonly ProxyFaultKind[];
}

/** Those of scenario `proxy` that make a difference to an event stream. */
export const applicationCures: readonly ApplicationCure[] = cures.flatMap(
  ({ name, apply, kinds }) => {
    const question = isAnswering(apply) ? questionFor(apply) : null;
    return question === null ? [] : [{ what: name, question, cures: kinds }];
  },
);

/** Null for what it does in any case, or isn't asked to do. */
function questionFor({ fields = {}, paddingBytes }: Answering): Partial<Question> | null {
  if (paddingBytes !== undefined) return { padding: paddingBytes };
  if (fields["X-Accel-Buffering"] === "no") return { accel: "no" };
  return /no-transform/.test(fields["Cache-Control"] ?? "") ? { transform: "no" } : null;
}
