import * as z from "zod";
import type { ClientFault, ServerFault } from "../../scenarios/fault.ts";
import { realNumber, wholeNumber } from "../../transports/option-values.ts";
import { usageError } from "../errors/errors.ts";

/*
 * A fault that is made on purpose for a whole run, so that tests can prove that the harness finds it: what a
 * script can ask for, asked for by an environment variable. It holds the fault as JSON; measuring processes
 * inherit it and make it until a script asks for another, and the results name it.
 */

export const faultVariable = "TRANSPORT_BENCH_FAULT";

export type { ClientFault, ServerFault };
export type Fault = ServerFault | ClientFault;

const which = {
  atMessage: wholeNumber(1, 1e9).optional(),
  oneIn: wholeNumber(1, 1e9).optional(),
};

const milliseconds = realNumber(0.1, 60_000);

type MessageSelector = { atMessage?: number | undefined; oneIn?: number | undefined };

function isOne({ atMessage, oneIn }: MessageSelector): boolean {
  return (atMessage === undefined) !== (oneIn === undefined);
}
const oneOfThem = "a fault with either atMessage or oneIn";

const faultSchema: z.ZodType<Fault> = z.discriminatedUnion(
  "kind",
  [
    z
      .strictObject(
        { kind: z.literal("block"), forMs: milliseconds, ...which },
        "a block, which has forMs, and atMessage or oneIn",
      )
      .refine(isOne, oneOfThem),
    z
      .strictObject(
        { kind: z.enum(["drop", "duplicate", "swap", "corrupt"]), ...which },
        "a fault of this kind, which has atMessage or oneIn",
      )
      .refine(isOne, oneOfThem),
    z.strictObject({ kind: z.literal("late"), byMs: milliseconds }, "late, which has byMs"),
    z.strictObject(
      { kind: z.literal("slow-reader"), perDeliveryMs: milliseconds },
      "a slow-reader, which has perDeliveryMs",
    ),
    z.strictObject(
      { kind: z.literal("delay"), byMs: realNumber(0.01, 60_000) },
      "a delay, which has byMs",
    ),
    z.strictObject(
      { kind: z.literal("grow"), bytes: wholeNumber(1, 65_536) },
      "grow, which has bytes",
    ),
    z.strictObject(
      { kind: z.literal("leak"), bytes: wholeNumber(1, 16_777_216) },
      "a leak, which has bytes",
    ),
    z.strictObject({ kind: z.enum(["nagle", "close"]) }, "a fault of this kind, which has no more"),
  ],
  'an object such as {"kind":"drop","atMessage":500}; kinds are block, drop, duplicate, swap, corrupt, ' +
    "late, slow-reader, delay, grow, leak, nagle and close",
);

/** The fault that is to be made, or null; throws a `BenchError` when the variable holds something else. */
export function faultIn(environment: NodeJS.ProcessEnv): Fault | null {
  const given = environment[faultVariable] ?? "";
  if (given === "") return null;
  const parsed = faultSchema.safeParse(parsedJson(given), { reportInput: true });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const [field = "kind"] = issue?.path ?? [];
  const what =
    field === "kind" ? given : `${String(field)}: ${JSON.stringify(issue?.input) ?? "nothing"}`;
  throw usageError(`${faultVariable}: ${what} is not ${issue?.message}`);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
