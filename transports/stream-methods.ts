import * as z from "zod";

/** How a stream is asked for, as it is written in options. */
export const streamMethods = { get: "GET", post: "POST" } as const;

export type StreamMethod = keyof typeof streamMethods;

/** The method of the request that subscribes; by POST, each message up may be a request with an answer of its own. */
export const methodOption = z
  .string()
  .toLowerCase()
  .pipe(z.enum(["get", "post"], "get or post"))
  .default("get");
