import type { Body, Shape } from "./message.ts";

/** Makes bytes of messages and back. */
export interface Codec {
  /** Whether its bytes are no text: over a transport that carries text only, they travel as base64. */
  readonly binary: boolean;
  encode(message: Body): Buffer;
  /** Throws where the bytes are no message of this encoding. */
  decode(carried: Buffer | string): unknown;
}

interface Encoding {
  /** Whether base64 is made of the bytes whatever the transport carries. */
  readonly asBase64: boolean;
  /** The package that does it, whose version results name; null for Node itself. */
  readonly library: string | null;
  /** Loaded when it is used: a run pays for no library that it doesn't need. */
  readonly load: (shape: Shape) => Promise<Codec>;
}

/** Texts are sent as they are, and objects as JSON. */
async function loadJson(shape: Shape): Promise<Codec> {
  return {
    binary: false,
    encode: (message) =>
      Buffer.from(typeof message === "string" ? message : JSON.stringify(message)),
    decode: shape === "text" ? String : (carried) => JSON.parse(carried.toString()),
  };
}

const encodings = {
  json: { asBase64: false, library: null, load: loadJson },
  msgpack: {
    asBase64: false,
    library: "@msgpack/msgpack",
    load: async () => (await import("./msgpack.ts")).msgpack(),
  },
  protobuf: {
    asBase64: false,
    library: "protobufjs",
    load: async (shape) => (await import("./protobuf.ts")).protobuf(shape),
  },
  base64: { asBase64: true, library: null, load: loadJson },
} as const satisfies Readonly<Record<string, Encoding>>;

export type EncodingName = keyof typeof encodings;

export const encodingNames: readonly EncodingName[] = ["json", "msgpack", "protobuf", "base64"];

export const defaultEncoding: EncodingName = "json";

export function encodingOf(name: EncodingName): Encoding {
  return encodings[name];
}
