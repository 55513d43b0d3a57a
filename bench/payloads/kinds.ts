import { mersenne } from "pure-rand/generator/mersenne";
import { filling, headBytes } from "./envelope.ts";
import { jsonChats, minChatBytes } from "./json-chat.ts";
import { jsonTicks, minTickBytes } from "./json-tick.ts";
import type { Bodies, Body, Shape } from "./message.ts";

/** A kind of payloads that the harness makes itself. */
interface Kind {
  readonly shape: Shape;
  /** The smallest message, with the head. */
  readonly minBytes: number;
  readonly make: (bytes: number, count: number, seed: number) => Body[];
}

/** The text is incompressible but for its alphabet of 64: 6 bits a byte. */
const kinds = {
  repeated: {
    shape: "text",
    minBytes: headBytes,
    make: (bytes, _count, seed) => [filling(bytes - headBytes, seed)],
  },
  random: {
    shape: "text",
    minBytes: headBytes,
    make(bytes, count, seed) {
      const each = bytes - headBytes;
      const all = filling(each * count, seed);
      return Array.from({ length: count }, (_, index) =>
        all.slice(index * each, (index + 1) * each),
      );
    },
  },
  "json-tick": {
    shape: "tick",
    minBytes: minTickBytes,
    make: (bytes, count, seed) => jsonTicks(bytes, count, mersenne(seed)),
  },
  "json-chat": {
    shape: "chat",
    minBytes: minChatBytes,
    make: (bytes, count, seed) => jsonChats(bytes, count, mersenne(seed)),
  },
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof kinds;

/** Payloads of a run that asks for none: one text, the same in every message. */
export const defaultKind: KindName = "repeated";

export const kindNames: readonly KindName[] = ["repeated", "random", "json-tick", "json-chat"];

export function isKind(name: string): name is KindName {
  return Object.hasOwn(kinds, name);
}

export function minBytesOf(kind: KindName): number {
  return kinds[kind].minBytes;
}

/**
 * So many different messages are made, of large ones fewer: more than the 32 KiB that deflate looks back, so that
 * it finds in them what it would find in real traffic, and not the same message of some time ago.
 */
const maxMessages = 1_024;
const maxTotalBytes = 4 * 1024 * 1024;

/** The bodies of messages of exactly `bytes` bytes, the same for the same seed. */
export function bodiesOf(kind: KindName, bytes: number, seed: number): Bodies {
  const count = Math.min(maxMessages, Math.max(2, Math.floor(maxTotalBytes / bytes)));
  const { shape, make }: Kind = kinds[kind];
  const [first = "", ...others] = make(bytes, count, seed);
  return { shape, bodies: [first, ...others] };
}
