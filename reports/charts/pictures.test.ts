import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { TemporaryFolder } from "../../test/bench-process.ts";
import { bars, forty, percentiles, sampleCharts } from "../../test/charts-fixture.ts";
import { layoutOf } from "./layout.ts";
import { Pictures } from "./pictures.ts";

const canvas = createRequire(createRequire(import.meta.url).resolve("chartjs-node-canvas"))(
  "canvas",
);

async function decoded(picture: Uint8Array | undefined): Promise<{
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}> {
  const image = await canvas.loadImage(Buffer.from(picture ?? []));
  const pen = canvas.createCanvas(image.width, image.height).getContext("2d");
  pen.drawImage(image, 0, 0);
  return pen.getImageData(0, 0, image.width, image.height);
}

describe("a picture", () => {
  const pictures = new Pictures();

  it.each(sampleCharts)("of $name is a PNG with two pixels to one of CSS", async (chart) => {
    const { width, height } = await decoded((await pictures.draw(chart))?.whole);
    expect(width).toBe(1_520);
    expect(height).toBe(2 * layoutOf(chart, { framed: true }).height);
  });

  it.each(sampleCharts)(
    "of $name without its texts is the same from legend to axis",
    async (chart) => {
      const whole = await decoded((await pictures.draw(chart))?.whole);
      const plain = await decoded((await pictures.draw(chart))?.plain);
      const { top, bottom } = layoutOf(chart, { framed: true }).drawing;
      expect([plain.width, plain.height]).toEqual([1_520, 2 * (bottom - top)]);
      const rows = whole.data.subarray(2 * top * 1_520 * 4, 2 * bottom * 1_520 * 4);
      expect(Buffer.from(plain.data).equals(Buffer.from(rows))).toBe(true);
      // Nothing is cut but for grid lines.
      for (const row of [0, plain.height - 1]) {
        const pixels = plain.data.subarray(row * 1_520 * 4, (row + 1) * 1_520 * 4);
        expect(Math.min(...pixels)).toBeGreaterThan(220);
      }
    },
  );

  it("stands on white, with its colours as the theme has them", async () => {
    const { data } = await decoded((await pictures.draw(bars))?.whole);
    expect(Array.from(data.subarray(0, 4))).toEqual([255, 255, 255, 255]);
    const colours = new Set<number>();
    for (let byte = 0; byte < data.length; byte += 4) {
      colours.add(((data[byte] ?? 0) << 16) | ((data[byte + 1] ?? 0) << 8) | (data[byte + 2] ?? 0));
    }
    for (const colour of [0x0457bf, 0xe65400, 0x179657, 0x8e298a, 0x72758e]) {
      expect(colours).toContain(colour);
    }
  });

  it("is drawn once, however often it is asked for", async () => {
    const picture = await pictures.draw(percentiles);
    expect(await pictures.draw(structuredClone(percentiles))).toBe(picture);
    expect(await pictures.draw({ ...percentiles, title: "other" })).not.toBe(picture);
  });

  it("is the same whenever it is drawn", async () => {
    const others = new Pictures();
    // One of lines and one of rows, in another order.
    for (const chart of [bars, percentiles]) {
      expect(await others.draw(chart)).toEqual(await pictures.draw(chart));
    }
  });

  it("is small enough that a page holds a dozen", async () => {
    for (const chart of sampleCharts) {
      if (chart === forty) continue;
      const picture = await pictures.draw(chart);
      expect(picture?.whole.length, chart.name).toBeLessThan(45_000);
    }
  });

  it("with a mark at no place is drawn without it", async () => {
    const nowhere = { at: Number.NaN, value: Number.NaN, text: "nowhere" };
    const marked = await new Pictures().draw({ ...percentiles, marks: [nowhere] });
    expect(marked).toEqual(await pictures.draw({ ...percentiles, marks: [] }));
  });

  it("of hundreds of rows is still drawn, if smaller", async () => {
    const names = Array.from({ length: 300 }, (_, row) => `variant ${row}`);
    const { height } = await decoded(
      (await pictures.draw({ ...forty, along: { ...forty.along, names }, name: "many" }))?.whole,
    );
    expect(height).toBeGreaterThan(4_000);
    expect(height).toBe(
      layoutOf({ ...forty, along: { ...forty.along, names } }, { framed: true }).height,
    );
  });
});

describe("where there is nothing to draw with", () => {
  const noPictures = (folder: string): Pictures =>
    new Pictures(pathToFileURL(join(folder, "pictures.js")).href);

  const installed = (folder: string, canvas: string): void => {
    writeFileSync(join(folder, "chartjs-node-canvas.cjs"), "");
    mkdirSync(join(folder, "node_modules", "canvas"), { recursive: true });
    writeFileSync(join(folder, "node_modules", "canvas", "index.js"), canvas);
  };

  it("there are no pictures, and one line says why", async () => {
    using folder = new TemporaryFolder();
    const pictures = noPictures(folder.path);
    expect(pictures.missing).toBeNull();
    expect(await pictures.draw(bars)).toBeNull();
    expect(await pictures.draw(percentiles)).toBeNull();
    expect(pictures.missing).toBe(
      "no PNG charts: canvas can't be loaded (Cannot find module './chartjs-node-canvas.cjs'); " +
        "everything else is made",
    );
  });

  it("a canvas that knows no fonts of ours is none", async () => {
    using folder = new TemporaryFolder();
    installed(folder.path, "");
    const pictures = noPictures(folder.path);
    expect(await pictures.draw(bars)).toBeNull();
    expect(pictures.missing).toContain("(it isn't @napi-rs/canvas)");
  });

  it("a canvas without its binary is none", async () => {
    using folder = new TemporaryFolder();
    installed(folder.path, "throw new Error('Cannot find native binding\\nfor this platform')");
    const pictures = noPictures(folder.path);
    expect(await pictures.draw(bars)).toBeNull();
    expect(pictures.missing).toContain("(Cannot find native binding)");
    expect(pictures.missing).not.toContain("\n");
  });
});
