import * as z from "zod";
import { usageError } from "../errors/errors.ts";

/*
 * Fields that the user's own endpoint is asked with, as a config file has them. `${NAME}` in a value stands for a variable
 * of the environment: it is filled in by the process that asks, when it does, so that no file and no message holds it.
 */

const aValue = "a text on one line, in which ${NAME} stands for a variable of the environment";
const wrongValue = `it is not ${aValue}`;

const name = /^[!#$%&'*+.^`|~\w-]{1,200}$/;
const value = z
  .string(aValue)
  .max(8_192, aValue)
  .regex(/^[\t -~\u0080-\u00FF]*$/, wrongValue);

/** By their names in small letters. */
export const requestFieldsSchema: z.ZodType<Record<string, string>> = z
  .record(z.string(), value, "an object of header fields")
  .superRefine((given, context) => {
    const refuse = (message: string): void =>
      context.addIssue({ code: "custom", path: [], message });
    const names = Object.keys(given).map((key) => key.toLowerCase());
    const odd = Object.keys(given).find((key) => !name.test(key));
    if (odd !== undefined) refuse(`${JSON.stringify(odd)} is not the name of a header field`);
    const own = names.find((key) => ownFields.has(key));
    if (own !== undefined) refuse(`${own} is chosen by how requests are made, and can't be given`);
    const twice = names.find((key, index) => names.indexOf(key) !== index);
    if (twice !== undefined) refuse(`${twice} is given twice`);
    const wrong = Object.entries(given).find(([, text]) => /\$\{(?![A-Za-z_]\w*\})/.test(text));
    if (wrong !== undefined) refuse(`${wrong[0]} has a \${ without the name of a variable and a }`);
  })
  .transform((given) =>
    Object.fromEntries(
      Object.entries(given).map(([key, text]) => [key.toLowerCase(), text.trim()]),
    ),
  );

/** The connection's own. */
const ownFields: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
]);

const variable = /\$\{([A-Za-z_]\w*)\}/g;

/** The variables that fields name, each once. */
export function variablesIn(fields: Readonly<Record<string, string>>): string[] {
  const all = Object.values(fields).flatMap((text) =>
    [...text.matchAll(variable)].map(([, called = ""]) => called),
  );
  return [...new Set(all)];
}

/** The fields with the variables filled in. Throws a `BenchError` that names one that can't be. */
export function filledIn(
  fields: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const filled = (text: string): string =>
    text.replaceAll(variable, (_whole, called: string) => {
      const set = environment[called];
      if (set === undefined || set === "") throw usageError(`the variable ${called} isn't set`);
      if (value.safeParse(set).success) return set;
      throw usageError(`the variable ${called} holds what no header field can`);
    });
  return Object.fromEntries(Object.entries(fields).map(([key, text]) => [key, filled(text)]));
}
