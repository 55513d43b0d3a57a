import { crc32, deflateSync } from "node:zlib";

/** Pixels in rows from the top, each of four bytes: red, green, blue, and opacity, which is taken as full. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/**
 * A PNG with a palette: a fourth of what Skia's encoder makes of a chart, which has few colours, and many
 * shades of them only where a line's edge is smoothed. Shades that are alike become one, the most
 * frequent of them, or the one that is among `kept`, of hexadecimal colours such as `#0457bf`.
 *
 * See https://www.w3.org/TR/png-3/, 11.2 and 11.3 for the chunks.
 */
export function indexedPng(pixels: Pixels, kept: readonly string[] = []): Uint8Array {
  const { palette, rows } = indexed(pixels, kept);
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, pixels.width);
  header.setUint32(4, pixels.height);
  header.setUint8(8, 8); // bits of an index
  header.setUint8(9, 3); // colours come from a palette
  return Buffer.concat([
    signature,
    chunk("IHDR", new Uint8Array(header.buffer)),
    chunk("PLTE", palette),
    chunk("IDAT", deflateSync(rows, { level: 7 })),
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

/** The indices of all pixels, each row behind a zero, which says that it isn't filtered. */
function indexed(
  { width, height, data }: Pixels,
  kept: readonly string[],
): { palette: Uint8Array; rows: Uint8Array } {
  const groups = new Uint16Array(width * height);
  const counts = new Uint32Array(alike);
  const colours = new Uint32Array(alike);
  // Of each group the colour that most of its pixels have, by the vote of Boyer and Moore (1981).
  const votes = new Int32Array(alike);
  for (const hexadecimal of kept) {
    const colour = Number.parseInt(hexadecimal.slice(1), 16);
    const group = groupOf(...channels(colour));
    colours[group] = colour;
    votes[group] = groups.length + 1;
  }
  for (let pixel = 0, byte = 0; pixel < groups.length; pixel++, byte += 4) {
    const [red, green, blue] = [data[byte] ?? 0, data[byte + 1] ?? 0, data[byte + 2] ?? 0];
    const group = groupOf(red, green, blue);
    const colour = (red << 16) | (green << 8) | blue;
    groups[pixel] = group;
    counts[group] = (counts[group] ?? 0) + 1;
    const lead = votes[group] ?? 0;
    if (lead === 0) colours[group] = colour;
    votes[group] = lead === 0 || colours[group] === colour ? lead + 1 : lead - 1;
  }
  const chosen = mostFrequent(counts);
  const palette = chosen.map((group) => channels(colours[group] ?? 0));
  const places = Uint8Array.from(counts, (count, group) => {
    return count === 0 ? 0 : closest(channels(colours[group] ?? 0), palette);
  });
  const rows = new Uint8Array((width + 1) * height);
  for (let row = 0, pixel = 0; row < height; row++) {
    const start = row * (width + 1) + 1;
    for (let column = 0; column < width; column++, pixel++) {
      rows[start + column] = places[groups[pixel] ?? 0] ?? 0;
    }
  }
  return { palette: Uint8Array.from(palette.flat()), rows };
}

function groupOf(red: number, green: number, blue: number): number {
  return ((levels[red] ?? 0) << 8) | ((levels[green] ?? 0) << 4) | (levels[blue] ?? 0);
}

function channels(colour: number): [red: number, green: number, blue: number] {
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}

/** As many as an index of eight bits can name. */
function mostFrequent(counts: Uint32Array): number[] {
  const used = Array.from(counts.keys()).filter((group) => counts[group] !== 0);
  return used.toSorted((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0)).slice(0, 256);
}

function closest(colour: readonly number[], palette: readonly (readonly number[])[]): number {
  const distances = palette.map((other) =>
    other.reduce((sum, channel, index) => sum + (channel - (colour[index] ?? 0)) ** 2, 0),
  );
  return distances.indexOf(Math.min(...distances));
}
