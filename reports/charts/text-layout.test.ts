import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { registerFonts } from "./pictures.ts";
import { linesIn, plain, widthOf } from "./text-layout.ts";
import { fontFamily } from "./theme.ts";

const require = createRequire(import.meta.url);

function measure(text: string, font: string): number {
  const { GlobalFonts, createCanvas } = createRequire(require.resolve("chartjs-node-canvas"))(
    "canvas",
  );
  registerFonts(GlobalFonts, require);
  const pen = createCanvas(1, 1).getContext("2d");
  pen.font = `${font} ${fontFamily}`;
  return pen.measureText(text).width;
}

describe("the width of a text", () => {
  it.each([
    "Half of the deliveries come within 1.5 ms with websocket, sse and tcp",
    "short-polling@1s takes 6 times the CPU of websocket",
    "WWWWWWWWWW MMMMMM %%%%%%",
    "illicit lilies, fit; (tiny) 'I' [1] {f} |",
    "sse+h2+tls:eventsource, websocket+deflate",
  ])("is near that of the font: %s", (text) => {
    for (const [bold, weight] of [
      [false, 400],
      [true, 600],
    ] as const) {
      const share = widthOf(text, 20, bold) / measure(text, `${weight} 20px`);
      expect(share).toBeGreaterThan(0.98);
      expect(share).toBeLessThan(1.06);
    }
  });

  it("is not too small for letters of other scripts", () => {
    for (const text of ["Ωμέγα", "Жук", "Łódź", "½ ± é"]) {
      expect(widthOf(text, 20)).toBeGreaterThanOrEqual(measure(text, "400 20px"));
    }
  });
});

describe("breaking a text", () => {
  const lines = (text: string, width: number, most = 3): string[] =>
    linesIn(text, { width, lines: most, size: 10 });

  it("puts words into lines that are not wider than the room", () => {
    const broken = lines("one two three four five six seven eight nine ten", 90, 9);
    expect(broken.join(" ")).toBe("one two three four five six seven eight nine ten");
    expect(broken.length).toBeGreaterThan(2);
    for (const line of broken) expect(widthOf(line, 10)).toBeLessThanOrEqual(90);
  });

  it("breaks names before what joins their parts", () => {
    expect(lines("short-polling:eventsource@10s", 80)).toEqual([
      "short-polling",
      ":eventsource",
      "@10s",
    ]);
  });

  it("breaks what is too long for a line behind a hyphen", () => {
    expect(lines("1000 (--max-connections)", 72)).toEqual(["1000 (--max-", "connections)"]);
  });

  it("keeps a number together, and with its unit", () => {
    expect(lines("it takes 10 000 ms here", 72)).toEqual(["it takes", "10 000 ms", "here"]);
  });

  it("cuts off what is too long, and says so", () => {
    const broken = lines("x".repeat(10_000), 100);
    expect(broken).toHaveLength(3);
    expect(broken.at(-1)).toMatch(/x…$/);
    for (const line of broken) expect(widthOf(line, 10)).toBeLessThanOrEqual(100);
  });

  it("has no line for nothing", () => {
    expect(lines("", 100)).toEqual([]);
    expect(lines(" \t\n", 100)).toEqual([]);
  });
});

it("draws nothing that would change how the rest is drawn", () => {
  expect(plain("a\u202Eb\u0000c\nd")).toBe(String.raw`a\u202eb\u0000c d`);
  expect(plain("≥ 5 → 6")).toBe(">= 5 -> 6");
});
