import type { Server } from "node:http";
import { endpointAt } from "../bench/through/endpoint.ts";
import type { Endpoint } from "../bench/through/endpoint.ts";
import { answeringPath, openAnsweringEnd } from "../bench/through/answering-end.ts";
import { portOf } from "../bench/measure/listen.ts";

/** The answering end, for one test. */
export class AnsweringEnd implements AsyncDisposable {
  readonly #server: Server;

  static async open(): Promise<AnsweringEnd> {
    return new AnsweringEnd(await openAnsweringEnd(0, "127.0.0.1"));
  }

  private constructor(server: Server) {
    this.#server = server;
  }

  get address(): { readonly host: string; readonly port: number } {
    return { host: "127.0.0.1", port: portOf(this.#server) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

/** What is asked at that port, with nothing that the user gives. */
export function endpointOn(port: number): Endpoint {
  const url = new URL(`http://127.0.0.1:${port}${answeringPath}`);
  return endpointAt(url, {}, { ca: null, isVerified: false });
}
