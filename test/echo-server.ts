import type { Server } from "node:http";
import { CountedListener } from "../bench/measure/listener.ts";
import { parseVariant } from "../bench/settings/variant.ts";
import { isHttp2 } from "../transports/layers.ts";
import type { BoundTransport } from "../transports/define-transport.ts";

type Publish = (channel: string, payload: Buffer) => void;

/** What a server does wrong. */
export interface Mistake {
  /** Stands between the server and its clients. */
  readonly publishing?: (publish: Publish) => Publish;
  readonly http?: (server: Server) => void;
}

/** A built-in transport served by itself, in this process: what comes up on a channel goes down on it. */
export class EchoServer implements AsyncDisposable {
  readonly port: number;
  readonly #close: () => Promise<void>;

  static open(variant: string, mistake: Mistake = {}): Promise<EchoServer> {
    return EchoServer.of(parseVariant(variant).bound, mistake);
  }

  static async of(
    transport: BoundTransport,
    { publishing, http }: Mistake = {},
  ): Promise<EchoServer> {
    const listener = await CountedListener.open(["127.0.0.1"], {
      isHttp2: isHttp2(transport.layers),
    });
    const server = transport.serve(listener, {
      message: (channel, payload) => publish(channel, payload),
    });
    const rightly: Publish = (channel, payload) => server.publish(channel, payload);
    const publish = publishing?.(rightly) ?? rightly;
    http?.(listener.http);
    return new EchoServer(listener.port, async () => {
      await server[Symbol.asyncDispose]();
      await listener[Symbol.asyncDispose]();
    });
  }

  private constructor(port: number, close: () => Promise<void>) {
    this.port = port;
    this.#close = close;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}
