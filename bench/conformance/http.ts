import { Agent, request as httpRequest } from "node:http";
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { expectThat } from "./mismatch.ts";
import { quoted } from "../../transports/protocol-error.ts";
import type { Subject } from "./subject.ts";

// HTTP as a case speaks it: by hand, so that what the built-in clients forgive is seen.

export interface Question {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One user agent, with one connection at a time that it keeps as long as the server does. */
export class UserAgent {
  readonly #subject: Subject;
  readonly #agent: Agent;

  constructor(subject: Subject) {
    this.#subject = subject;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1 });
    this.#agent.createConnection = () => subject.dial();
    // Node's own way with a server's hint differs from version to version.
    this.#agent.keepSocketAlive = () => true;
  }

  /** One request and its whole answer. */
  async ask(question: Question): Promise<Answer> {
    return await this.#subject.expecting(
      `an answer to ${requestText(question)}`,
      this.#answer(question),
    );
  }

  /** The head of an answer that goes on. */
  async stream(question: Question): Promise<IncomingMessage> {
    const opening = responseTo(this.#request(question), question.body);
    return await this.#subject.expecting(`an answer to ${requestText(question)}`, opening);
  }

  /** Asks for another protocol: its connection, or the answer that refuses it. */
  async upgrade(question: Question): Promise<Upgraded | Answer> {
    const request = this.#request(question);
    const upgraded = new Promise<Upgraded>((resolve) => {
      request.once("upgrade", ({ headers }, socket: Socket, head) =>
        resolve({ status: 101, headers, socket, head }),
      );
    });
    const refused = responseTo(request, question.body).then(async (response) => {
      response.resume();
      return { status: response.statusCode ?? 0, headers: response.headers, body: "" };
    });
    return await this.#subject.expecting(
      `an answer to ${requestText(question)}`,
      Promise.race([upgraded, refused]),
    );
  }

  async #answer(question: Question): Promise<Answer> {
    const response = await responseTo(this.#request(question), question.body);
    response.setEncoding("utf8");
    let body = "";
    for await (const text of response) body += text;
    return { status: response.statusCode ?? 0, headers: response.headers, body };
  }

  #request({ method = "GET", path, headers = {} }: Question): ClientRequest {
    const { host } = this.#subject.url;
    return httpRequest({
      agent: this.#agent,
      method,
      path,
      headers: { Host: host, ...headers },
    });
  }
}

export interface Upgraded {
  readonly status: 101;
  readonly headers: IncomingHttpHeaders;
  readonly socket: Socket;
  /** Bytes that were received together with the answer. */
  readonly head: Buffer;
}

function responseTo(request: ClientRequest, body: Question["body"]): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on("response", resolve);
    request.on("error", reject);
    // A connection that is given up by Node itself: by an answer that asks for another protocol.
    request.on("close", () => reject(new Error("the connection ended without an answer")));
    request.end(body);
  });
}

function requestText({ method = "GET", path }: Question): string {
  return `${method} ${path}`;
}

export function expectStatus(answer: { status: number }, status: number, asked: string): void {
  expectThat(answer.status === status, `status ${status} for ${asked}`, `status ${answer.status}`);
}

/** The value of a header that has to be a whole number. */
export function expectNumber(text: string | string[] | undefined, of: string): number {
  const given = String(text ?? "");
  expectThat(/^\d{1,15}$/.test(given), `a whole number as ${of}`, quotedOrNothing(text));
  return Number(given);
}

function quotedOrNothing(text: string | string[] | undefined): string {
  return text === undefined ? "nothing" : quoted(String(text));
}
