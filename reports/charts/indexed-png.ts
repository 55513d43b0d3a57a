import { crc32, deflateSync } from "node:zlib";

/** Pixels in rows from the top, each with four bytes: red, green, blue, and opacity, which is not looked at. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/**
 * A PNG with a palette: a fourth of what Skia's encoder makes of a chart, since a chart has few colours
 * and many shades between them. Each channel keeps its four upper bits, so that all shades of a palette's
 * colour on white have a place; the ends, 0 and 255, are kept exactly.
 *
 * See https://www.w3.org/TR/png-3/, 11.2 and 11.3 for the chunks.
 */
export function indexedPng(pixels: Pixels): Uint8Array {
  const { palette, rows } = indexed(pixels);
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, pixels.width);
  header.setUint32(4, pixels.height);
  header.setUint8(8, 8); // bits of an index
  header.setUint8(9, 3); // colours come from a palette
  return Buffer.concat([
    signature,
    chunk("IHDR", new Uint8Array(header.buffer)),
    chunk("PLTE", palette),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
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

/** Colours have twelve bits here. */
const colours = 4096;

/** The indices of all pixels, each row behind a zero, which says that it isn't filtered. */
function indexed({ width, height, data }: Pixels): { palette: Uint8Array; rows: Uint8Array } {
  const words = new Uint16Array(width * height);
  const counts = new Uint32Array(colours);
  for (let pixel = 0, byte = 0; pixel < words.length; pixel++, byte += 4) {
    const [red, green, blue] = [data[byte] ?? 0, data[byte + 1] ?? 0, data[byte + 2] ?? 0];
    const word = (nearest(red) << 8) | (nearest(green) << 4) | nearest(blue);
    words[pixel] = word;
    counts[word] = (counts[word] ?? 0) + 1;
  }
  const chosen = mostFrequent(counts);
  const places = Uint8Array.from(counts, (count, word) =>
    count === 0 ? 0 : closest(word, chosen),
  );
  const rows = new Uint8Array((width + 1) * height);
  for (let row = 0, pixel = 0; row < height; row++) {
    const start = row * (width + 1) + 1;
    for (let column = 0; column < width; column++, pixel++) {
      rows[start + column] = places[words[pixel] ?? 0] ?? 0;
    }
  }
  const palette = Uint8Array.from(
    chosen.flatMap((word) => channels(word).map((four) => four * 17)),
  );
  return { palette, rows };
}

/** Of 16 levels, 17 apart: the ends are 0 and 255. */
function nearest(channel: number): number {
  return Math.round(channel / 17);
}

function channels(word: number): [number, number, number] {
  return [word >> 8, (word >> 4) & 15, word & 15];
}

function mostFrequent(counts: Uint32Array): number[] {
  const used = Array.from(counts.keys()).filter((word) => counts[word] !== 0);
  return used.toSorted((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0)).slice(0, 256);
}

function closest(word: number, chosen: readonly number[]): number {
  const exactly = chosen.indexOf(word);
  if (exactly !== -1) return exactly;
  const distances = chosen.map((other) => {
    const [a, b] = [channels(word), channels(other)];
    return a.reduce((sum, channel, index) => sum + (channel - (b[index] ?? 0)) ** 2, 0);
  });
  return distances.indexOf(Math.min(...distances));
}
