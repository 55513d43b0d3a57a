import { curesFor, isAnswering } from "./proxy-cures.ts";
import type { Cure } from "./proxy-cures.ts";
import type { ProxyFaultKind } from "./proxy-faults.ts";
import type { Answering, Stage } from "./scenario.ts";

/** What was tried against a fault, and what helped. */
export interface Cured {
  /** Null where nothing that was tried did. */
  readonly by: string | null;
  readonly tried: readonly string[];
  /** How the server answers with it; null where it isn't that. */
  readonly answering: Answering | null;
}

/** What the transport lets an application do. */
export interface Means {
  /** Whether its streams can begin with bytes that mean nothing. */
  readonly pads: boolean;
  /** Whether the head of its answer is its own, and no upgrade's. */
  readonly hasHead: boolean;
}

/**
 * Tries the cures of a fault in their order, each measured again by `helps`, until one does. The server answers as it did
 * at first after that.
 */
export async function tryCures(
  stage: Stage,
  kind: ProxyFaultKind,
  means: Means,
  helps: (cure: Cure) => Promise<boolean>,
): Promise<Cured> {
  const tried: string[] = [];
  for (const cure of curesFor(kind, means)) {
    const { name, apply } = cure;
    const answering = isAnswering(apply) ? apply : null;
    if (answering !== null && !means.hasHead) continue;
    tried.push(name);
    if (answering !== null) await stage.server.answer(answering);
    const isCured = await helps(cure);
    if (answering !== null) await stage.server.answer({});
    if (isCured) return { by: name, tried, answering };
  }
  return { by: null, tried, answering: null };
}
