import { constants } from "node:os";
import * as z from "zod";
import { proxyFaultKinds } from "../../scenarios/proxy-faults.ts";
import { templateNames } from "./proxy.ts";
import type { Proxy } from "./proxy.ts";
import { namesIn, unknownIn } from "./template.ts";

export type { Proxy, ProxyConfiguration } from "./proxy.ts";

// A user's own may have been written without types.

const aName = "a name of small letters, digits and hyphens";
const name = z.string(aName).regex(/^[a-z][a-z0-9-]{0,39}$/, aName);
const line = z.string("a text").regex(/^\S(?:.{0,498}\S)?$/, "a text of one line");
const word = z.string("a name").regex(/^\S{1,100}$/, "a name without spaces");
const fileName = z.string("a file's name").regex(/^\w[\w.-]{0,99}$/, "a file's name in its folder");
const source = z.url({ protocol: /^https?$/, error: "the address of a page of its documentation" });

const template = z.string("a template").superRefine((text, context) => {
  const unknown = unknownIn(text);
  if (unknown === null) return;
  const message = `a template: {{${unknown}}} is none of ${templateNames.join(", ")}`;
  context.addIssue({ code: "custom", message });
});
const templates = z.array(template, "a list of templates");

const aPattern = "a regular expression with a group";
const pattern = z.string(aPattern).refine((text) => {
  try {
    return (new RegExp(`${text}|`).exec("")?.length ?? 0) > 1;
  } catch {
    return false;
  }
}, aPattern);

const aSignal = "a signal such as SIGHUP";
const signal = z.string(aSignal).refine((text) => text in constants.signals, aSignal);

const fault = z.enum(proxyFaultKinds, `one of ${proxyFaultKinds.join(", ")}`);

const configuration = z.strictObject(
  {
    about: line,
    text: template,
    arguments: templates.optional(),
    changes: z
      .array(
        z.strictObject({ setting: line, cures: z.array(fault, "a list of faults"), source }),
        "a list of changes",
      )
      .optional(),
    documented: z
      .array(
        z.strictObject({ faults: z.array(fault, "a list of faults"), says: line, source }),
        "a list",
      )
      .optional(),
  },
  { error: wrong("an object with about and text") },
);

const proxyShape = z.strictObject(
  {
    name,
    title: line.optional(),
    command: word.optional(),
    debianPackage: word,
    version: z.strictObject(
      { arguments: z.array(z.string("a text"), "a list"), pattern },
      { error: wrong("an object with arguments and pattern") },
    ),
    arguments: templates,
    environment: z.record(word, template, "an object of templates").optional(),
    file: fileName,
    files: z.record(fileName, template, "an object of templates by file name").optional(),
    listen: z.strictObject(
      {
        plain: template,
        tls: template.nullable(),
        http2: z.boolean("true or false"),
      },
      { error: wrong("an object with plain, tls and http2") },
    ),
    configurations: z
      .object({ default: configuration, corrected: configuration }, "an object of configurations")
      .catchall(configuration),
    reload: z.union(
      [
        z.strictObject({ signal }),
        z.strictObject({ command: word.optional(), arguments: templates }),
        z.strictObject({ impossible: line }),
      ],
      "a signal, a command's arguments, or why it is impossible",
    ),
    endSignal: signal.optional(),
    leaves: templates.optional(),
    kind: z.enum(["reverse", "forward", "tunnel"], '"reverse", "forward" or "tunnel"').optional(),
  },
  { error: wrong("an object") },
);

/** Gives a proxy's author types, and checks what types can't say. Throws in one line why it is none. */
export function defineProxy(proxy: Proxy): Proxy {
  return proxyIn(proxy);
}

/** Reads the default export of a file. Throws in one line why it is no proxy. */
export function proxyIn(given: unknown): Proxy {
  assertProxy(given);
  for (const [name, { text, arguments: own = [] }] of Object.entries(given.configurations)) {
    const all = [text, ...Object.values(given.files ?? {}), ...given.arguments, ...own];
    // Whoever asks a forward proxy names the server.
    const needed = isForward(given) ? ["listen"] : ["listen", "serverPort"];
    const missing = needed.find(
      (name) => !all.some((template) => namesIn(template).includes(name)),
    );
    if (missing !== undefined) {
      throw new Error(`${given.name}: configurations.${name} doesn't say where {{${missing}}} is`);
    }
  }
  return given;
}

/** Whether clients are told of it, and name the server to it. */
export function isForward({ kind = "reverse" }: Pick<Proxy, "kind">): boolean {
  return kind !== "reverse";
}

function assertProxy(given: unknown): asserts given is Proxy {
  const parsed = proxyShape.safeParse(given);
  if (parsed.success) return;
  const [issue] = parsed.error.issues;
  const isNamed = typeof given === "object" && given !== null && "name" in given;
  const whose = isNamed && typeof given.name === "string" ? `${given.name}: ` : "";
  const where = issue?.path.join(".") || "the proxy";
  throw new Error(`${whose}${where} is not ${issue?.message}`);
}

/** Tells a field that doesn't belong there by its name, and anything else by what was expected. */
function wrong(expected: string): (issue: z.core.$ZodRawIssue) => string {
  return (issue) =>
    issue.code === "unrecognized_keys" ? `${expected}, and no ${issue.keys.join(", ")}` : expected;
}
