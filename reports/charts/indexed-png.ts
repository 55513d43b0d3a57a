import { crc32, deflateSync } from "node:zlib";

/** Pixels in rows from the top, each of four bytes: red, green, blue, and opacity, which is taken as full. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** A picture whose pixels are places in a palette. */
export interface Indexed {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each colour. */
  readonly palette: Uint8Array;
  /** Each row behind a zero, which says that it isn't filtered. */
  readonly rows: Uint8Array;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/**
 * A PNG of the rows from `top` to before `bottom`: a fourth of what Skia's encoder makes of a chart, which
 * has no palette. See https://www.w3.org/TR/png-3/, 11.2 and 11.3 for the chunks.
 */
export function pngOf(
  { width, height, palette, rows }: Indexed,
  top = 0,
  bottom: number = height,
): Uint8Array {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, bottom - top);
  header.setUint8(8, 8); // bits of an index
  header.setUint8(9, 3); // colours come from a palette
  return Buffer.concat([
    signature,
    chunk("IHDR", new Uint8Array(header.buffer)),
    chunk("PLTE", palette),
    chunk(
      "IDAT",
      deflateSync(rows.subarray(top * (width + 1), bottom * (width + 1)), {
        level: 9,
        memLevel: 9,
      }),
    ),
    chunk("IEND", new Uint8Array()),
  ]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, "latin1");
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}

/** Levels that are told apart in each channel: more of them where grid lines are told from white. */
const levels = Uint8Array.from({ length: 256 }, (_, channel) =>
  channel < 208 ? Math.floor(channel / 52) : channel >> 4,
);
const alike = 4096;

/**
 * A chart has few colours, and many shades of them only where a line's edge is smoothed. Shades that are
 * alike become one, the most frequent of them; but for those that are `kept`, of hexadecimal colours such as
 * `#0457bf`, which are few and each once.
 */
export function indexed({ width, height, data }: Pixels, kept: readonly string[] = []): Indexed {
  const counts = new Uint32Array(alike);
  const colours = new Uint32Array(alike);
  // Of each group the colour that most of its pixels have, by the vote of Boyer and Moore (1981).
  const votes = new Int32Array(alike);
  const exact = new Map(
    kept.map((hexadecimal, place) => [Number.parseInt(hexadecimal.slice(1), 16), place]),
  );
  eachRun(data, (colour, pixels) => {
    if (exact.has(colour)) return;
    const group = groupOf(colour);
    counts[group] = (counts[group] ?? 0) + pixels;
    const lead = votes[group] ?? 0;
    const left = colours[group] === colour ? lead + pixels : lead - pixels;
    if (left < 0) colours[group] = colour;
    votes[group] = Math.abs(left);
  });
  const chosen = mostFrequent(counts, 256 - exact.size);
  const palette = [...exact.keys(), ...chosen.map((group) => colours[group] ?? 0)].map(channels);
  const own = new Map(chosen.map((group, place) => [group, exact.size + place]));
  const places = Uint8Array.from(counts, (count, group) =>
    count === 0 ? 0 : (own.get(group) ?? closest(channels(colours[group] ?? 0), palette)),
  );
  const indices = new Uint8Array(width * height);
  let start = 0;
  eachRun(data, (colour, pixels) => {
    const place = exact.get(colour) ?? places[groupOf(colour)] ?? 0;
    indices.fill(place, start, (start += pixels));
  });
  const rows = new Uint8Array((width + 1) * height);
  for (let row = 0; row < height; row++) {
    rows.set(indices.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  }
  return { width, height, palette: Uint8Array.from(palette.flat()), rows };
}

/**
 * Goes through the pixels by as many as follow each other in one colour, 0xrrggbb: in a chart, most have that
 * of the one before.
 */
function eachRun(
  { buffer, byteOffset, byteLength }: Uint8ClampedArray,
  visit: (colour: number, pixels: number) => void,
): void {
  const view = new DataView(buffer, byteOffset, byteLength);
  const words = new Uint32Array(buffer, byteOffset, byteLength / 4);
  for (let end = 0; end < words.length;) {
    const start = end;
    const word = words[start];
    do end++;
    while (words[end] === word);
    visit(view.getUint32(4 * start) >>> 8, end - start);
  }
}

/** Of a colour as 0xrrggbb. */
function groupOf(colour: number): number {
  const [red, green, blue] = channels(colour);
  return ((levels[red] ?? 0) << 8) | ((levels[green] ?? 0) << 4) | (levels[blue] ?? 0);
}

function channels(colour: number): [red: number, green: number, blue: number] {
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}

function mostFrequent(counts: Uint32Array, most: number): number[] {
  const used = Array.from(counts.keys()).filter((group) => counts[group] !== 0);
  return used.toSorted((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0)).slice(0, most);
}

function closest(colour: readonly number[], palette: readonly (readonly number[])[]): number {
  const distances = palette.map((other) =>
    other.reduce((sum, channel, index) => sum + (channel - (colour[index] ?? 0)) ** 2, 0),
  );
  return distances.indexOf(Math.min(...distances));
}
