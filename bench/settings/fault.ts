import * as z from "zod";
import { realNumber, wholeNumber } from "../../transports/option-values.ts";
import { usageError } from "../errors/errors.ts";

/*
 * A fault that is made on purpose, so that tests can prove that the harness finds it. The environment
 * variable holds it as JSON; measuring processes inherit it, and the results name it.
 */

export const faultVariable = "TRANSPORT_BENCH_FAULT";

/** Messages count from 1 in each measured phase, in the order in which the server publishes them. */
const which = {
  atMessage: wholeNumber(1, 1e9).optional(),
  oneIn: wholeNumber(1, 1e9).optional(),
};

const milliseconds = realNumber(0.1, 60_000);

type Which = { atMessage?: number | undefined; oneIn?: number | undefined };
function isOne({ atMessage, oneIn }: Which): boolean {
  return (atMessage === undefined) !== (oneIn === undefined);
}
const oneOfThem = "a fault with either atMessage or oneIn";

const faultSchema = z.discriminatedUnion(
  "kind",
  [
    /** The server's event loop stands still once the message is out. */
    z
      .strictObject(
        { kind: z.literal("block"), forMs: milliseconds, ...which },
        "a block, which has forMs, and atMessage or oneIn",
      )
      .refine(isOne, oneOfThem),
    /** `swap` is with the next on the same channel, without which it is a `drop`; `corrupt` is one bit. */
    z
      .strictObject(
        { kind: z.enum(["drop", "duplicate", "swap", "corrupt"]), ...which },
        "a fault of this kind, which has atMessage or oneIn",
      )
      .refine(isOne, oneOfThem),
    /** The publisher sends each message of a measured phase this much after it was due. */
    z.strictObject({ kind: z.literal("late"), byMs: milliseconds }, "late, which has byMs"),
    /** A load process takes this long over each delivery, in every phase. */
    z.strictObject(
      { kind: z.literal("slow-reader"), perDeliveryMs: milliseconds },
      "a slow-reader, which has perDeliveryMs",
    ),
    /** The server stands still this long before it publishes a message, in every phase. */
    z.strictObject(
      { kind: z.literal("delay"), byMs: realNumber(0.01, 60_000) },
      "a delay, which has byMs",
    ),
    /** The server makes each message this much longer; load processes cut that off again. */
    z.strictObject(
      { kind: z.literal("grow"), bytes: wholeNumber(1, 65_536) },
      "grow, which has bytes",
    ),
    /** The server keeps so much memory for each connection that it has ever accepted. */
    z.strictObject(
      { kind: z.literal("leak"), bytes: wholeNumber(1, 16_777_216) },
      "a leak, which has bytes",
    ),
    /**
     * `nagle` is the algorithm of that name, and two writes where one would do, as of a head and its body;
     * `close` ends the connection with each HTTP answer.
     */
    z.strictObject({ kind: z.enum(["nagle", "close"]) }, "a fault of this kind, which has no more"),
  ],
  'an object such as {"kind":"drop","atMessage":500}; kinds are block, drop, duplicate, swap, corrupt, ' +
    "late, slow-reader, delay, grow, leak, nagle and close",
);

export type Fault = z.infer<typeof faultSchema>;

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
