import { describe, expect, it } from "vitest";
import { colourCount, colourOf, dark, dashOf, light, shadeCount, shadesIn } from "./theme.ts";

type Vector = readonly [number, number, number];
type Matrix = readonly [Vector, Vector, Vector];

/** As it is seen by those with all cones. */
const identity: Matrix = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** How a colour is seen: Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB. */
const sights: Readonly<Record<string, Matrix>> = {
  "all cones": identity,
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function linear(hex: string): Vector {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return [red, green, blue];
}

function times([a, b, c]: Matrix, vector: Vector): Vector {
  const dot = (row: Vector): number => row.reduce((sum, one, i) => sum + one * (vector[i] ?? 0), 0);
  return [dot(a), dot(b), dot(c)];
}

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: string, other: string): number {
  const luminance = (hex: string): number => {
    const [red, green, blue] = linear(hex);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** https://bottosson.github.io/posts/oklab/ */
function oklab(rgb: Vector): Vector {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb,
  );
  const [l, m, s] = cones.map(Math.cbrt);
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    [l ?? 0, m ?? 0, s ?? 0],
  );
}

function distance(one: string, other: string, sight: Matrix): number {
  const [a, b] = [one, other].map((hex) => {
    const [red, green, blue] = times(sight, linear(hex)).map((x) => Math.min(1, Math.max(0, x)));
    return oklab([red ?? 0, green ?? 0, blue ?? 0]);
  });
  return Math.hypot(...(a ?? []).map((value, index) => value - (b?.[index] ?? 0)));
}

describe.each(Object.entries({ light, dark }))("the %s theme", (_, theme) => {
  const all = [...theme.colours, theme.floor];

  it("has a colour for each place of the palette, and its shades", () => {
    expect(new Set(all).size).toBe(colourCount + 1);
    expect(new Set(shadesIn(theme).values()).size).toBe(colourCount * shadeCount + 1);
  });

  it.each(theme.colours.map((colour, place) => [colour, theme.shades[place] ?? []] as const))(
    "tells the shades of %s from each other, and from all other colours",
    (colour, shades) => {
      const own = [colour, ...shades];
      const others = all.filter((one) => one !== colour);
      for (const [index, shade] of shades.entries()) {
        for (const other of [...others, ...own.slice(0, index + 1)]) {
          expect(distance(shade, other, identity), `${shade} ${other}`).toBeGreaterThan(0.045);
        }
      }
    },
  );

  it.each([...shadesIn(theme).values()])("shows %s on its background", (colour) => {
    expect(contrast(colour, theme.background)).toBeGreaterThanOrEqual(3);
  });

  it("writes such that it can be read", () => {
    expect(contrast(theme.ink, theme.background)).toBeGreaterThanOrEqual(7);
    expect(contrast(theme.quiet, theme.background)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(Object.entries(sights))("has colours that %s tells apart", (_, sight) => {
    const pairs = all.flatMap((one, index) =>
      all.slice(index + 1).map((other) => [one, other] as const),
    );
    for (const [one, other] of pairs) {
      expect(distance(one, other, sight), `${one} ${other}`).toBeGreaterThan(0.09);
    }
  });
});

it("goes round when there are more styles than signs", () => {
  expect(colourOf(light, { colour: colourCount })).toBe(light.colours[0]);
  expect(colourOf(dark, { colour: "floor" })).toBe(dark.floor);
  expect(colourOf(dark, { colour: 1, shade: shadeCount })).toBe(dark.colours[1]);
  expect(colourOf(dark, { colour: 1, shade: 2 })).toBe(dark.shades[1]?.[1]);
  expect(dashOf({ colour: 0, dash: 0, marker: 0 })).toEqual([]);
  expect(dashOf({ colour: 0, dash: 7, marker: 0 })).toEqual(
    dashOf({ colour: 0, dash: 1, marker: 0 }),
  );
});
