import * as z from "zod";
import { name, prose } from "./texts.ts";

/** Longer than any configuration that comes with a program. */
const maxFileLength = 65_536;

/** The proxies that took part, each with its configuration as it was written. */
export const proxiesSchema = z.array(
  z.strictObject({
    /** As it is named in variants: `nginx` in `sse+proxy=nginx`. */
    name,
    /** `default`, `corrected`, … */
    configuration: name,
    /** With its version: `nginx 1.22.1`. */
    program: name,
    /** Of the configuration, in a few words. */
    about: prose,
    files: z.array(z.strictObject({ name, text: z.string().max(maxFileLength) })),
    /** What it changes in the default one, each with the kinds of faults that its documentation says this cures. */
    changes: z.array(z.strictObject({ setting: prose, cures: z.array(name), source: prose })),
    /** What the program's documentation says of it. */
    documented: z.array(z.strictObject({ fault: name, says: prose, source: prose })),
  }),
);

export type RecordedProxy = z.infer<typeof proxiesSchema>[number];
