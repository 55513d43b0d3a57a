import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { indexed, pngOf } from "./indexed-png.ts";
import type { Pixels } from "./indexed-png.ts";

const canvas = createRequire(createRequire(import.meta.url).resolve("chartjs-node-canvas"))(
  "canvas",
);

function pixels(
  width: number,
  height: number,
  colour: (x: number, y: number) => [red: number, green: number, blue: number],
): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel++) {
    data.set([...colour(pixel % width, Math.floor(pixel / width)), 255], pixel * 4);
  }
  return { width, height, data };
}

function indexedPng(picture: Pixels, kept?: readonly string[]): Uint8Array {
  return pngOf(indexed(picture, kept));
}

/** As another decoder than ours, of which there is none, reads it. */
async function decoded(png: Uint8Array): Promise<Pixels> {
  const image = await canvas.loadImage(Buffer.from(png));
  const pen = canvas.createCanvas(image.width, image.height).getContext("2d");
  pen.drawImage(image, 0, 0);
  return pen.getImageData(0, 0, image.width, image.height);
}

describe("an indexed PNG", () => {
  it("keeps areas of one colour exactly", async () => {
    const areas: [number, number, number][] = [
      [255, 255, 255],
      [0, 0, 0],
      [4, 87, 191],
      [227, 230, 234],
    ];
    const picture = pixels(40, 7, (x) => areas[Math.floor(x / 10)] ?? [0, 0, 0]);
    const { width, height, data } = await decoded(indexedPng(picture));
    expect({ width, height }).toEqual({ width: 40, height: 7 });
    expect([...data]).toEqual([...picture.data]);
  });

  it("keeps a colour that is asked for, though others like it are more", async () => {
    const picture = pixels(50, 1, (x) => (x < 40 ? [120, 120, 120] : [114, 117, 142]));
    const { data } = await decoded(indexedPng(picture, ["#72758e"]));
    expect(Array.from(data.slice(-4))).toEqual([114, 117, 142, 255]);
  });

  it("keeps colours that are asked for apart, however alike they are", async () => {
    const picture = pixels(20, 1, (x) => (x < 10 ? [1, 74, 39] : [3, 93, 51]));
    const { data } = await decoded(indexedPng(picture, ["#014a27", "#035d33"]));
    expect([...data]).toEqual([...picture.data]);
  });

  it("brings more colours than a palette holds near to what they were", async () => {
    const picture = pixels(256, 256, (x, y) => [x, y, (x * 7 + y * 13) % 256]);
    const { data } = await decoded(indexedPng(picture));
    const errors = data.map((channel, index) => Math.abs(channel - (picture.data[index] ?? 0)));
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(25);
  });

  it("can be had of some of the rows", async () => {
    const picture = pixels(3, 4, (_, y) => [y * 52, 0, 0]);
    const { width, height, data } = await decoded(pngOf(indexed(picture), 1, 3));
    expect({ width, height }).toEqual({ width: 3, height: 2 });
    expect([...data]).toEqual(Array.from(picture.data.subarray(12, 36)));
  });

  it("holds a picture of a single pixel", async () => {
    const { data } = await decoded(indexedPng(pixels(1, 1, () => [18, 52, 86])));
    expect([...data]).toEqual([18, 52, 86, 255]);
  });
});
