import type { Answer, TokenFormat } from "../../scenarios/scenario.ts";

/** What a server needs to know of a request. */
export interface Prompt {
  readonly client: number;
  /** Counted from 0 for each client. */
  readonly request: number;
  readonly answer: Answer;
}

/** A field of the head: so many characters for a number, with so many decimals. */
const fields = [
  { name: "client", width: 7, decimals: 0 },
  { name: "request", width: 7, decimals: 0 },
  { name: "firstTokenMs", width: 11, decimals: 3 },
  { name: "tokens", width: 7, decimals: 0 },
  { name: "tokensPerSecond", width: 11, decimals: 3 },
] as const;

const formats = ["json", "text"] as const satisfies readonly TokenFormat[];

const opening = "prompt";

/** The shortest prompt: text of a fixed length, since everything travels in it that the server has to know. */
export const promptHeadBytes: number = headOf({
  client: 0,
  request: 0,
  answer: { firstTokenMs: 0, tokens: 0, tokensPerSecond: 0, format: "json" },
}).length;

function headOf({ client, request, answer }: Prompt): string {
  const { firstTokenMs, tokens, tokensPerSecond, format } = answer;
  const values = { client, request, firstTokenMs, tokens, tokensPerSecond };
  const numbers = fields.map(({ name, width, decimals }) =>
    values[name].toFixed(decimals).padStart(width, "0"),
  );
  return [opening, ...numbers, format, ""].join(" ");
}

const filler = "tell me more about what happens on the way from one token to the next. ";

/** A prompt of exactly so many bytes. */
export function promptOf(prompt: Prompt, bytes: number): Buffer {
  const head = headOf(prompt);
  if (bytes < head.length) throw new Error(`a prompt has at least ${promptHeadBytes} bytes`);
  const payload = Buffer.alloc(bytes, filler);
  payload.write(head, "latin1");
  return payload;
}

/** What a payload asks for; null where it is no prompt. */
export function readPrompt(payload: Buffer): Prompt | null {
  const head = payload.toString("latin1", 0, promptHeadBytes);
  const [first, client, request, firstTokenMs, tokens, tokensPerSecond, asked] = head.split(" ");
  const format = formats.find((known) => known === asked);
  const numbers = [client, request, firstTokenMs, tokens, tokensPerSecond].map(Number);
  if (first !== opening || format === undefined || !numbers.every(Number.isFinite)) return null;
  return {
    client: Number(client),
    request: Number(request),
    answer: {
      firstTokenMs: Number(firstTokenMs),
      tokens: Number(tokens),
      tokensPerSecond: Number(tokensPerSecond),
      format,
    },
  };
}
