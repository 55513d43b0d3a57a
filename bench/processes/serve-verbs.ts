import type { Verbs } from "./protocol.ts";

/** A request from the director and the answer to it, as they cross the IPC channel. */
export interface Request {
  readonly id: number;
  readonly verb: string;
  readonly args: unknown;
}

export type Answer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly reason: string };

/** Why a process ends by itself, as the last that it tells the director. */
export interface Farewell {
  readonly farewell: string;
}

let reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

let explains = false;

/**
 * Has errors told as `explain` words them. One that nobody catches then ends this process with its reason, and not with
 * a trace: code of an outsider's was loaded.
 */
export function explainErrors(explain: typeof reasonOf): void {
  if (!explains) process.on("uncaughtException", (error) => void leave(reasonOf(error)));
  explains = true;
  reasonOf = explain;
}

/** Ends this process, having reported to the director why. */
export async function leave(farewell: string): Promise<void> {
  const message: Farewell = { farewell };
  await new Promise((resolve) => process.send?.(message, resolve));
  process.exit(1);
}

/**
 * Answers the director's requests for the rest of this process's life, which ends with the director's:
 * however that dies, the channel between them closes. `end` is what remains to be done then.
 */
export function serveVerbs(verbs: Verbs, end: () => Promise<void> = async () => {}): void {
  process.on("disconnect", () => void end().finally(() => process.exit(0)));
  // Ctrl-C and the end of a terminal reach every process of it; what happens then is the director's to decide.
  for (const name of ["SIGINT", "SIGHUP"] as const) process.on(name, () => {});
  process.on("message", (request: Request) => {
    // Who has ended meanwhile gets no answer, and that is no error.
    void answer(verbs, request).then((reply) => process.send?.(reply, () => {}));
  });
}

/** Plays a request. */
export async function answer(verbs: Verbs, { id, verb, args }: Request): Promise<Answer> {
  try {
    const play = verbs[verb];
    if (play === undefined) throw new Error(`no verb called ${verb}`);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- both ends are of one build
    return { id, ok: true, value: (await play(args as never)) ?? null };
  } catch (error) {
    return { id, ok: false, reason: reasonOf(error) };
  }
}
