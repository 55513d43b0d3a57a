import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { layoutOf } from "../reports/charts/layout.ts";
import { TemporaryFolder } from "./bench-process.ts";
import { percentiles } from "./charts-fixture.ts";
import { isMissing, namespaces } from "./requirements.ts";

const program = fileURLToPath(new URL("fixtures/draw-charts.ts", import.meta.url));
const canvas = createRequire(createRequire(import.meta.url).resolve("chartjs-node-canvas"))(
  "canvas",
);

/** Draws in a process of its own, and tells which fonts that found on the machine. */
function draw(folder: string, wrapper: readonly string[] = []): { families: unknown[] } {
  mkdirSync(folder);
  const line = [...wrapper, process.execPath, "--import", "tsx", program, folder];
  const [command = "", ...args] = line;
  const { stdout, stderr } = spawnSync(command, args, {
    encoding: "utf8",
    env: { PATH: process.env["PATH"] },
  });
  expect(stderr).toBe("");
  const { missing, ...told } = JSON.parse(stdout);
  expect(missing).toBeNull();
  return told;
}

/** A machine of which every folder that may hold fonts is empty. */
const noFonts = [
  "unshare",
  "--mount",
  "sh",
  "-c",
  "for d in /usr/share/fonts /usr/local/share/fonts /usr/X11R6/lib/X11/fonts /etc/fonts; do " +
    'if [ -d "$d" ]; then mount -t tmpfs none "$d"; fi; done; exec "$@"',
  "sh",
];

/** How many pixels of a band, in CSS pixels from the top, aren't white. */
async function ink(file: string, top: number, bottom: number): Promise<number> {
  const image = await canvas.loadImage(readFileSync(file));
  const pen = canvas.createCanvas(image.width, image.height).getContext("2d");
  pen.drawImage(image, 0, 0);
  const { data } = pen.getImageData(0, 2 * top, image.width, 2 * (bottom - top));
  let count = 0;
  for (let byte = 0; byte < data.length; byte += 4) {
    if (data[byte] !== 255 || data[byte + 1] !== 255 || data[byte + 2] !== 255) count++;
  }
  return count;
}

it.skipIf(isMissing(namespaces))(
  "draws the same pictures, with their texts, on a machine that has no fonts",
  async () => {
    using folder = new TemporaryFolder();
    const [here, there] = [join(folder.path, "here"), join(folder.path, "there")];
    draw(here);
    expect(draw(there, noFonts).families).toEqual([]);

    for (const name of ["percentiles.png", "stacked.png"]) {
      expect(readFileSync(join(there, name)).equals(readFileSync(join(here, name)))).toBe(true);
    }
    const { title, caption, above } = layoutOf(percentiles, { framed: true });
    const file = join(there, "percentiles.png");
    // A title of 70 letters, of which each is at least a stroke of 20 by 2 pixels.
    expect(await ink(file, title.top, caption.top)).toBeGreaterThan(70 * 20 * 2);
    expect(await ink(file, caption.top, above)).toBeGreaterThan(5_000);
    expect(await ink(file, 0, title.top)).toBe(0);
  },
);
