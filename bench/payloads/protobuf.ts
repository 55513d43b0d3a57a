import protobufjs from "protobufjs/light.js";
import type { Codec } from "./encodings.ts";
import type { Body, Shape } from "./message.ts";

/*
 * Protocol Buffers, by protobuf.js, with these schemas:
 *
 *   message Text { string text = 1; }
 *   message Tick {
 *     string bench = 1;  string symbol = 2;  uint64 time = 3;
 *     double bid = 4;  double ask = 5;  double last = 6;
 *     repeated double prices = 7;  repeated uint32 sizes = 8;  string id = 9;
 *   }
 *   message Chat { string bench = 1;  string room = 2;  string user = 3;  uint64 time = 4;  string text = 5; }
 */

const { Field, Type } = protobufjs;

type Schema = readonly (readonly [name: string, type: string, rule?: "repeated"])[];

const schemas: Readonly<Record<Shape, Schema | null>> = {
  text: [["text", "string"]],
  tick: [
    ["bench", "string"],
    ["symbol", "string"],
    ["time", "uint64"],
    ["bid", "double"],
    ["ask", "double"],
    ["last", "double"],
    ["prices", "double", "repeated"],
    ["sizes", "uint32", "repeated"],
    ["id", "string"],
  ],
  chat: [
    ["bench", "string"],
    ["room", "string"],
    ["user", "string"],
    ["time", "uint64"],
    ["text", "string"],
  ],
  object: null,
};

/** Whether there is a schema for messages of this shape. */
export function hasSchema(shape: Shape): boolean {
  return schemas[shape] !== null;
}

export function protobuf(shape: Shape): Codec {
  const type = new Type("Message");
  for (const [index, [name, of, rule]] of (schemas[shape] ?? []).entries()) {
    type.add(new Field(name, index + 1, of, rule));
  }
  // Proto3's way, which the reader of repeated numbers takes in any case.
  const isText = shape === "text";
  return {
    binary: true,
    encode: (message: Body) =>
      bufferOf(type.encode(typeof message === "string" ? { text: message } : message).finish()),
    decode(carried) {
      const message = type.decode(typeof carried === "string" ? Buffer.from(carried) : carried);
      return isText ? Reflect.get(message, "text") : message;
    },
  };
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
