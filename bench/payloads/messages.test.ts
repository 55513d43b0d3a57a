import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { encodingNames } from "./encodings.ts";
import { kindNames, minBytesOf } from "./kinds.ts";
import { messagesFor } from "./messages.ts";
import type { PayloadRecipe } from "./messages.ts";
import type { Messages } from "./message.ts";

const carriers = [
  ["bytes", true],
  ["text", false],
] as const;

const combinations = kindNames.flatMap((kind) =>
  encodingNames.flatMap((encoding) =>
    carriers.map(([carrier, carriesBytes]) => ({ kind, encoding, carrier, carriesBytes })),
  ),
);

function made(
  { content, encoding = "json" }: Pick<PayloadRecipe, "content"> & Partial<PayloadRecipe>,
  { payloadBytes = 256, seed = 7, carriesBytes = true } = {},
): Promise<Messages> {
  return messagesFor(
    { payloadBytes, seed, payload: { content, encoding } },
    { binary: carriesBytes },
  );
}

describe.each(combinations)(
  "a $kind message as $encoding, over a transport that carries $carrier",
  ({ kind, encoding, carriesBytes }) => {
    const known = new Map<number, Messages>();
    const messages = async (seed = 7): Promise<Messages> => {
      const made = known.get(seed) ?? (await anew(seed));
      known.set(seed, made);
      return made;
    };
    const anew = (seed = 7): Promise<Messages> =>
      made({ content: { kind }, encoding }, { seed, carriesBytes });

    it("is read by who has the same recipe, and has the size that is stated", async () => {
      const [writer, reader] = [await messages(), await anew()];
      for (const sequence of [1, 2, 1_024, 1_025, 2 ** 32 - 1]) {
        const payload = writer.write(sequence, 5_000, 6_000);
        expect(payload).toHaveLength(writer.payloadBytes);
        expect(reader.read(payload)).toBe(true);
        expect(reader).toMatchObject({ sequence, dueNs: 5_000, sentNs: 6_000 });
        if (writer.binary) continue;
        expect(payload.every((byte) => byte >= 0x20 && byte < 0x7f)).toBe(true);
        expect(reader.read(payload.toString())).toBe(true);
      }
      expect(writer.areOfOneSize).toBe(true);
    });

    it("is refused where any byte has become another that means something else", async () => {
      const writer = await messages();
      const whole = writer.write(3, 1_000, 2_000);
      const isBase64 = encoding === "base64" || (encoding !== "json" && !carriesBytes);
      const decoded = (payload: Buffer): string =>
        isBase64 ? Buffer.from(payload.toString("latin1"), "base64").toString("hex") : "";
      const unnoticed: number[] = [];
      for (const at of whole.keys()) {
        const payload = Buffer.from(whole);
        payload[at] = (payload[at] ?? 0) ^ 1;
        // Of the last digit of base64, some bits stand for nothing.
        if (isBase64 && decoded(payload) === decoded(whole)) continue;
        if (writer.read(payload)) unnoticed.push(at);
      }
      expect(unnoticed).toEqual([]);
    });

    it.each([
      ["nothing", () => Buffer.alloc(0)],
      ["one byte less", (whole: Buffer) => whole.subarray(0, -1)],
      ["one byte more", (whole: Buffer) => Buffer.concat([whole, Buffer.from("x")])],
      ["two in one", (whole: Buffer) => Buffer.concat([whole, whole])],
    ])("is refused where %s arrives", async (_what, altered) => {
      const writer = await messages();
      expect(writer.read(altered(writer.write(3, 1_000, 2_000)))).toBe(false);
    });

    it("is refused by who has another seed", async () => {
      const payload = (await messages(7)).write(3, 1_000, 2_000);
      expect((await messages(8)).read(payload)).toBe(false);
    });
  },
);

describe.each(kindNames)("a %s message", (kind) => {
  it("has exactly the size that is asked for, from its smallest on", async () => {
    const least = minBytesOf(kind);
    for (const payloadBytes of [least, least + 1, least + 11, least + 12, 1_024, 50_000]) {
      const messages = await made({ content: { kind } }, { payloadBytes });
      expect(messages.payloadBytes).toBe(payloadBytes);
      expect(messages.areOfOneSize).toBe(true);
      expect(messages.write(1, 2, 3)).toHaveLength(payloadBytes);
    }
  });
});

const heads = /[0-9a-f]{40}/;

async function texts(kind: (typeof kindNames)[number], count: number): Promise<string[]> {
  const messages = await made({ content: { kind } });
  return Array.from({ length: count }, (_, index) =>
    messages
      .write(index + 1, 0, 0)
      .toString()
      .replace(heads, ""),
  );
}

describe("what is sent", () => {
  it("is the same text in every repeated message, and in no two others within a thousand", async () => {
    for (const kind of kindNames) {
      const different = new Set(await texts(kind, 1_024)).size;
      expect(different).toBe(kind === "repeated" ? 1 : 1_024);
    }
  });

  it("is JSON with a market's numbers in a tick, and with words in a chat", async () => {
    const read = async (kind: "json-tick" | "json-chat"): Promise<unknown> => {
      const [text = ""] = await texts(kind, 1);
      return JSON.parse(text);
    };
    expect(await read("json-tick")).toMatchObject({
      symbol: expect.stringMatching(/^[A-Z]{4}$/),
      bid: expect.any(Number),
      prices: expect.arrayContaining([expect.any(Number)]),
    });
    expect(await read("json-chat")).toMatchObject({ text: expect.stringMatching(/^[A-Z][a-z ]+/) });
  });

  it.each([
    ["repeated", 218, 19],
    ["random", 219, 186],
    ["json-tick", 167, 77],
    ["json-chat", 183, 82],
  ] as const)(
    "compresses as docs/running.md says: 256 bytes of %s alone to %d, in a stream to %d",
    async (kind, alone, inStream) => {
      const messages = await made({ content: { kind } });
      const all = Array.from({ length: 1_000 }, (_, index) =>
        messages.write(index + 1, 1e9 + 5e7 * index, 1e9 + 5e7 * index + 30_000),
      );
      const deflated = (sizes: readonly Buffer[]): number =>
        sizes.reduce((bytes, one) => bytes + deflateRawSync(one).length, 0) / all.length;
      expect(Math.abs(deflated(all) / alone - 1)).toBeLessThan(0.1);
      expect(Math.abs(deflated([Buffer.concat(all)]) / inStream - 1)).toBeLessThan(0.1);
    },
  );
});

describe("the messages of a corpus", () => {
  const objects = ['{"a":1,"b":[2.5,null]}', '{ "a": "Grüße" }'];

  it.each(encodingNames.filter((encoding) => encoding !== "protobuf"))(
    "are its objects with the head in them, one after another, as %s",
    async (encoding) => {
      const recipe = { content: { lines: objects }, encoding };
      const [writer, reader] = [await made(recipe), await made(recipe)];
      for (let sequence = 1; sequence <= 5; sequence += 1) {
        const payload = writer.write(sequence, 10, 20);
        expect(reader.read(payload)).toBe(true);
        expect(reader.sequence).toBe(sequence);
        if (encoding !== "json") continue;
        const { bench, ...fields } = JSON.parse(payload.toString());
        expect(bench).toMatch(heads);
        expect(fields).toEqual(JSON.parse(objects[(sequence - 1) % 2] ?? ""));
      }
      expect(writer.areOfOneSize).toBe(false);
    },
  );

  it("may hold what looks like a head, and stand before it", async () => {
    const lines = [`{"1":"${"0".repeat(40)}","a":2}`];
    const messages = await made({ content: { lines }, encoding: "json" });
    expect(messages.read(messages.write(1, 10, 20))).toBe(true);
  });

  it.each([...encodingNames])("are its lines behind the head, as %s", async (encoding) => {
    const recipe = { content: { lines: ["plain", '{"no":"JSON', "世界"] }, encoding };
    const [writer, reader] = [await made(recipe), await made(recipe)];
    for (let sequence = 1; sequence <= 4; sequence += 1) {
      const payload = writer.write(sequence, 10, 20);
      expect(reader.read(payload)).toBe(true);
      if (!writer.binary) expect(reader.read(payload.toString())).toBe(true);
    }
    if (encoding !== "json") return;
    expect(writer.write(3, 0, 0).toString().slice(40)).toBe("世界");
  });
});

it.each(["json-tick", "json-chat"] as const)(
  "knows what the escapes of a message of %s take in a string of JSON",
  async (kind) => {
    const messages = await made({ content: { kind } });
    const payload = messages.write(1, 5_000, 6_000).toString();
    const { payloadBytes, escapes } = messages;
    expect(JSON.stringify(payload)).toHaveLength(payloadBytes + escapes + 2);
    expect(escapes).toBeGreaterThan(0);
  },
);
