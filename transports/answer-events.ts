import type { AsideKind } from "./transport.ts";

/*
 * What the events of streamed answers are for, in the formats that servers of language models speak: OpenAI's chat
 * completions, completions and responses, Anthropic's messages, Ollama's chat and generate, and those of llama.cpp, TGI
 * and Gemini.
 *
 * An event is a token if it adds text to the answer: what is said, thought or handed to a tool. It counts as one,
 * however many tokens of the model it holds.
 */

/** What an event means: it may hold text and end the answer all the same. */
export interface EventMeaning {
  /** The text that it adds; empty where it adds none. */
  readonly text: string;
  /** What it is for where it adds none. */
  readonly aside: AsideKind;
  /** Whether nothing of the answer follows it. */
  readonly ends: boolean;
  /** What it tells of an error; null where there was none. */
  readonly error: string | null;
}

/** Where the text stands in an event; `*` is any member of a list. */
const textPaths: readonly string[] = [
  // OpenAI's chat completions, and what others add to them.
  "choices.*.delta.content",
  "choices.*.delta.reasoning_content",
  "choices.*.delta.reasoning",
  "choices.*.delta.refusal",
  "choices.*.delta.tool_calls.*.function.arguments",
  // Its completions.
  "choices.*.text",
  // Its responses, whose deltas are texts, and Anthropic's messages.
  "delta",
  "delta.text",
  "delta.thinking",
  "delta.partial_json",
  // Ollama's chat and generate.
  "message.content",
  "message.thinking",
  "response",
  "thinking",
  // llama.cpp, TGI and Gemini.
  "content",
  "token.text",
  "candidates.*.content.parts.*.text",
];
const split = textPaths.map((path) => path.split("."));

const finishPaths = ["choices.*.finish_reason", "candidates.*.finishReason"].map((path) =>
  path.split("."),
);

/** Last events, by what they call themselves. */
const lastTypes: ReadonlySet<string> = new Set([
  "message_stop",
  "response.completed",
  "response.incomplete",
]);

const failedTypes: ReadonlySet<string> = new Set(["error", "response.failed"]);

const nothing: EventMeaning = { text: "", aside: "other", ends: false, error: null };

/** What an event of SSE means, or a line of NDJSON; `name` is that of the event's field, where it has one. */
export function meaningOf(data: string, name = ""): EventMeaning {
  if (data === "[DONE]") return { ...nothing, aside: "finish", ends: true };
  const event = parsed(data);
  if (event === undefined) {
    return name === "error" ? { ...nothing, error: data } : { ...nothing, text: data };
  }
  if (typeof event === "string") return { ...nothing, text: event };
  const type = textAt(event, ["type"]) || name;
  const error = errorIn(event, type, data);
  if (error !== null) return { ...nothing, error };
  const isLast = lastTypes.has(type) || valueAt(event, "done") === true || isStopped(event);
  // Events of a whole, such as `response.output_text.done`, tell once more what deltas have told.
  const isWhole = type.startsWith("response.") && !type.endsWith(".delta");
  const text = isWhole ? "" : (split.map((path) => textAt(event, path)).find(Boolean) ?? "");
  return { text, aside: asideOf(event, type, isLast), ends: isLast, error: null };
}

/** Undefined for what isn't JSON. */
function parsed(data: string): unknown {
  try {
    const value: unknown = JSON.parse(data);
    return value;
  } catch {
    return undefined;
  }
}

function errorIn(event: unknown, type: string, data: string): string | null {
  const error = valueAt(event, "error");
  if (!failedTypes.has(type) && (error === undefined || error === null)) return null;
  if (typeof error === "string") return error;
  const message = textAt(error, ["message"]) || textAt(event, ["message"]);
  return message || textAt(event, ["response", "error", "message"]) || data;
}

/** llama.cpp says so in the last event, which has no text. */
function isStopped(event: unknown): boolean {
  return valueAt(event, "stop") === true && typeof valueAt(event, "content") === "string";
}

function asideOf(event: unknown, type: string, isLast: boolean): AsideKind {
  if (type === "ping") return "ping";
  if (isLast || finishPaths.some((path) => textAt(event, path) !== "")) return "finish";
  if (type === "message_delta" || isObject(valueAt(event, "usage"))) return "usage";
  const isFirst = type === "message_start" || type === "response.created";
  return isFirst || textAt(event, ["choices", "*", "delta", "role"]) !== "" ? "role" : "other";
}

/** The first text at a path that isn't empty. */
function textAt(value: unknown, path: readonly string[]): string {
  const [key, ...rest] = path;
  if (key === undefined) return typeof value === "string" ? value : "";
  if (key !== "*") return textAt(valueAt(value, key), rest);
  if (!Array.isArray(value)) return "";
  return value.map((item: unknown) => textAt(item, rest)).find(Boolean) ?? "";
}

function valueAt(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
