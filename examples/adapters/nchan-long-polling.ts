import type { ClientRequest, IncomingHttpHeaders } from "node:http";
import type { AnswerReader, RequestHead } from "transport-bench/transport";
import type { ClientHandlers, Connection, Target } from "transport-bench/transport";
import { cursorOf, get, secondsAndTag } from "./nchan-requests.ts";

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The whole answer to a request. */
function answerTo(asked: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    asked.once("error", reject);
    asked.once("response", (response) => {
      const { statusCode: status = 0, headers } = response;
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.once("end", () => resolve({ status, headers, body }));
      response.once("error", reject);
    });
  });
}

/** One request after the other, each for the message after the last. */
export class LongPolls implements Connection {
  readonly #target: Target;
  readonly #handlers: ClientHandlers;
  #request: ClientRequest | null = null;
  #hasEnded = false;
  /** 0 for what is the first on its channel. */
  cursor: number;

  /** nchan keeps messages: what is published after the newest was asked for, a poll finds even when it comes later. */
  static async open(target: Target, handlers: ClientHandlers): Promise<LongPolls> {
    const polls = new LongPolls(target, handlers);
    if (target.after === undefined) polls.cursor = await polls.#newest();
    void polls.#poll();
    return polls;
  }

  private constructor(target: Target, handlers: ClientHandlers) {
    this.#target = target;
    this.#handlers = handlers;
    this.cursor = target.after ?? 0;
  }

  send(): void {}

  async #newest(): Promise<number> {
    const { status, body } = await this.#get(`/publish/${this.#target.channel}`);
    if (status === 404) return 0;
    return cursorOf(/^last message id: (\S+)/m.exec(body)?.[1] ?? "");
  }

  async #poll(): Promise<void> {
    try {
      while (!this.#hasEnded) {
        this.#take(await this.#get(`/poll/${this.#target.channel}`, this.#condition()));
      }
    } catch (error) {
      if (!this.#hasEnded) this.#handlers.closed(`a poll failed: ${String(error)}`);
    }
  }

  #take({ status, headers, body }: Answer): void {
    // Nothing was published while the request was held.
    if (status === 408) return;
    if (status !== 200) throw new Error(`status ${status}`);
    const seconds = Date.parse(headers["last-modified"] ?? "") / 1_000;
    this.cursor = cursorOf(`${seconds}:${headers.etag}`);
    this.#handlers.message(body);
  }

  #condition(): Record<string, string> {
    if (this.cursor === 0) return {};
    const [seconds, tag] = secondsAndTag(this.cursor);
    return {
      "If-Modified-Since": new Date(seconds * 1_000).toUTCString(),
      "If-None-Match": String(tag),
    };
  }

  #get(path: string, headers?: Record<string, string>): Promise<Answer> {
    this.#request = get(this.#target, path, headers);
    return answerTo(this.#request);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hasEnded = true;
    this.#request?.destroy();
  }
}

/** What a relay between client and server counts an exchange as. */
export function classifyPoll({ method, path, header }: RequestHead): AnswerReader {
  if (method === "POST") return { body() {}, purpose: () => "upstream" };
  if (path.startsWith("/publish/")) return { body() {}, purpose: () => "setUp" };
  const asked = header("if-none-match") ?? "";
  let bodyBytes = 0;
  return {
    body: (piece) => void (bodyBytes += piece.length),
    purpose({ status, header }) {
      if (status !== 200) return "emptyPolls";
      const digits = `${asked}${header("etag")}${header("content-length")}`;
      return { messages: 1, newest: 0, bodyBytes, digitBytes: digits.length };
    },
  };
}
