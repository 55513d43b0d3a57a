import type { ServerResponse } from "node:http";
import type { Duplex, Writable } from "node:stream";
import { answerFraming, framingFor, streamOf } from "./answer-framing.ts";
import type { Sized, WireMeter } from "./answer-framing.ts";
import { CompressedStream } from "./compressed-stream.ts";
import { codingOf, compressorOf, flushOf } from "./content-coding.ts";
import { contentOf } from "./http-chunk.ts";
import type { Layers } from "./layers.ts";
import { UnframedStream } from "./unframed-stream.ts";

/** How an answer is written. */
export interface AnswerOptions {
  readonly contentType: string;
  readonly layers: Layers;
  /** Called with the bytes that a message takes on the connection. */
  readonly delivered: (bytes: number) => void;
}

/** One answer that is written as its messages come, up to its end where it has one. Its head is on its way. */
export class StreamAnswer {
  /** What its messages are written on. */
  readonly stream: Writable;
  /** What that runs on. */
  readonly carrier: Duplex;
  readonly #response: ServerResponse;
  readonly #meter: WireMeter;

  constructor(response: ServerResponse, { contentType, layers, delivered }: AnswerOptions) {
    const compressor = compressorOf(layers);
    const coding = codingOf(layers);
    const framing = framingFor(response.req);
    this.#response = response;
    this.carrier = streamOf(response);
    this.#meter = framing.meter(this.carrier);
    response.writeHead(200, {
      "Content-Type": contentType,
      "Cache-Control": "no-store",
      ...(compressor !== null && { "Content-Encoding": coding }),
      ...framing.headers,
    });
    response.flushHeaders();
    const isUnframed = framing !== answerFraming(response.req.httpVersion === "2.0");
    if (compressor === null) {
      this.stream = isUnframed ? new UnframedStream(this.carrier) : this.carrier;
    } else {
      const { frame } = framing;
      const compression = { compressor, flush: flushOf(coding), frame, wireBytes: this.#meter };
      this.stream = new CompressedStream(this.carrier, { ...compression, delivered });
    }
  }

  /** The bytes that a message which is about to be written takes on the connection. */
  wireBytes(message: Sized): number {
    return this.#meter(message);
  }

  /** Writes its first text; `written` is called when that is on its way. */
  greet(hello: Buffer, written: () => void): void {
    if (this.stream instanceof CompressedStream) return this.stream.writeApart(hello, written);
    this.stream.write(hello);
    written();
  }

  /** Writes what is no message; `written` is called with the bytes that it takes. */
  writeApart(text: Buffer, written: (bytes: number) => void): void {
    const { stream } = this;
    if (stream instanceof CompressedStream) return stream.writeApart(text, written);
    const bytes = stream instanceof UnframedStream ? contentOf(text).length : this.#meter(text);
    stream.write(text);
    written(bytes);
  }

  /** Ends it as HTTP has it, behind what has been written; `ended` is called when its end is on its way. */
  end(ended: () => void): void {
    const end = (): void => {
      this.#response.end();
      ended();
    };
    if (this.stream === this.carrier) end();
    else this.stream.end(end);
  }
}
