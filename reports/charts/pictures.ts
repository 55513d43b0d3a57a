import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setImmediate } from "node:timers/promises";
import type { Plugin } from "chart.js";
import type { ChartJSNodeCanvas } from "chartjs-node-canvas";
import { packageModule } from "../../bench/files/package-files.ts";
import type { Picture } from "../report.ts";
import type { Chart } from "./chart.ts";
import { chartConfigurationOf } from "./chart-configuration.ts";
import { indexed, pngOf } from "./indexed-png.ts";
import type { Indexed } from "./indexed-png.ts";
import { layoutOf, standardWidth } from "./layout.ts";
import { light, shadesIn } from "./theme.ts";

/** Pixels of the picture to a CSS pixel, in each direction; the tallest would take too much memory. */
function densityOf(height: number): number {
  return height > 4_000 ? 1 : 2;
}

/** Draws charts as PNG pictures, each once, however many reports show it. */
export class Pictures {
  /** One line that says why there are none; null as long as they can be drawn. */
  missing: string | null = null;

  readonly #drawn = new Map<string, Picture>();
  readonly #from: string;
  #canvas: ChartJSNodeCanvas | null = null;

  /** `from` is the URL of the module for which what draws is looked up. */
  constructor(from: string = packageModule("reports/charts/pictures").href) {
    this.#from = from;
  }

  async draw(chart: Chart): Promise<Picture | null> {
    const key = JSON.stringify(chart);
    const known = this.#drawn.get(key);
    if (known !== undefined) return known;
    const canvas = this.#loaded();
    if (canvas === null) return null;
    const picture = drawn(canvas, chart);
    // A canvas gives back its memory in a turn of the event loop, and not before.
    await setImmediate();
    this.#drawn.set(key, picture);
    return picture;
  }

  /** Only when there is something to draw: it takes memory, and time, that a measurement would miss. */
  #loaded(): ChartJSNodeCanvas | null {
    if (this.missing !== null) return null;
    try {
      this.#canvas ??= loadFor(this.#from);
    } catch (error) {
      const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
      this.missing = `no PNG charts: canvas can't be loaded (${reason}); everything else is made`;
    }
    return this.#canvas;
  }
}

/**
 * The build has the drawing library within it. Installed beside it, npm would give it another `canvas`, one
 * that has to be built: which of them it gets, only the project at the root of an installation can say.
 */
function libraryFor(from: string): string {
  return from.endsWith(".ts") ? "chartjs-node-canvas" : "./chartjs-node-canvas.cjs";
}

function loadFor(from: string): ChartJSNodeCanvas {
  const require = createRequire(from);
  const library = libraryFor(from);
  // The one that the drawing library finds, wherever that is installed.
  const drawing = createRequire(require.resolve(library));
  const { GlobalFonts } = drawing("canvas");
  if (GlobalFonts === undefined) throw new Error("it isn't @napi-rs/canvas");
  registerFonts(GlobalFonts, require);
  const { ChartJSNodeCanvas }: typeof import("chartjs-node-canvas") = require(library);
  // Each chart makes it as large as it has to be.
  return new ChartJSNodeCanvas({ width: standardWidth, height: 1 });
}

function drawn(canvas: ChartJSNodeCanvas, chart: Chart): Picture {
  const options = { width: standardWidth, framed: true };
  const { height, drawing: plain } = layoutOf(chart, options);
  const density = densityOf(height);
  const { plugins = [], options: drawing, ...rest } = chartConfigurationOf(chart, light, options);
  const images: Indexed[] = [];
  canvas.renderToBufferSync({
    ...rest,
    options: { ...drawing, devicePixelRatio: density },
    plugins: [...plugins, takes(height, images)],
  });
  const [image] = images;
  if (image === undefined) throw new Error("the canvas was not asked for its picture");
  return {
    whole: pngOf(image),
    plain: pngOf(image, Math.round(plain.top * density), Math.round(plain.bottom * density)),
  };
}

/** Gives the picture its height, and takes its pixels where the canvas would encode them by itself. */
function takes(height: number, images: Indexed[]): Plugin {
  return {
    id: "picture",
    beforeInit: (chart) => {
      chart.resize(standardWidth, height);
      const toBuffer = (): void => {
        const { width, height } = chart.canvas;
        const pixels = chart.ctx.getImageData(0, 0, width, height);
        // Some megabytes that would be kept until the next garbage collection.
        chart.canvas.width = chart.canvas.height = 1;
        images.push(indexed(pixels, [light.background, ...shadesIn(light).values()]));
      };
      // To its types, which are those of a page, a canvas has no such thing.
      Object.assign(chart.canvas, { toBuffer });
    },
  };
}

/** What of @napi-rs/canvas is needed, and Cairo's `canvas` doesn't have. */
interface Fonts {
  has(family: string): boolean;
  register(font: Buffer, family: string): unknown;
}

/** Each file has letters of one script; a text takes its letters from the first family that has them. */
const families = {
  latin: "Chart Latin",
  "latin-ext": "Chart Latin Extended",
  greek: "Chart Greek",
  cyrillic: "Chart Cyrillic",
} as const;

/** Pictures have a font of their own: a machine may have none, and then text would not be drawn at all. */
export function registerFonts(fonts: Fonts, { resolve }: NodeJS.Require): void {
  for (const [script, family] of Object.entries(families)) {
    // They are the whole process's, and a second copy would change how texts are drawn.
    if (fonts.has(family)) continue;
    for (const weight of [400, 600]) {
      const file = `@fontsource/inter/files/inter-${script}-${weight}-normal.woff2`;
      const key = fonts.register(readFileSync(resolve(file)), family);
      if (key === null) throw new Error(`the font ${file} can't be read`);
    }
  }
}
