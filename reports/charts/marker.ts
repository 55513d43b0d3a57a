import type { Style } from "./chart.ts";

/** A sign for the points of a series. */
export interface Marker {
  /** Its name among Chart.js's point styles, and how far that one is turned, in degrees. */
  readonly pointStyle: "circle" | "triangle" | "rect" | "rectRot" | "cross" | "crossRot" | "star";
  readonly rotation: number;
  /** What is drawn where there is no Chart.js: filled outlines, or strokes. */
  readonly filled: boolean;
  readonly lines: readonly (readonly Corner[])[];
  /** Its radius, where that of a circle is 1: all look equally large. */
  readonly radius: number;
}

export type Corner = readonly [x: number, y: number];

const half = Math.SQRT1_2;

const circle = outline("circle", 0, 1, around(24, 0));

/** By `Style.marker`. Those that are easiest to tell apart come first. */
const markers: readonly Marker[] = [
  circle,
  outline("triangle", 0, 1.25, around(3, -90)),
  outline("rect", 0, 1.2, around(4, 45)),
  outline("rectRot", 0, 1.2, around(4, 0)),
  outline("triangle", 180, 1.25, around(3, 90)),
  strokes("crossRot", [45, 135], half),
  strokes("cross", [0, 90], 1),
  strokes("star", [0, 45, 90, 135], 1),
];

export function markerOf({ marker }: Pick<Style, "marker">): Marker {
  return markers[marker % markers.length] ?? circle;
}

function outline(
  pointStyle: Marker["pointStyle"],
  rotation: number,
  radius: number,
  corners: readonly Corner[],
): Marker {
  const lines = [corners.map(([x, y]): Corner => [x * radius, y * radius])];
  return { pointStyle, rotation, filled: true, lines, radius };
}

function strokes(
  pointStyle: Marker["pointStyle"],
  degrees: readonly number[],
  length: number,
): Marker {
  const lines = degrees.map((degree): Corner[] => [
    corner(degree, length),
    corner(degree + 180, length),
  ]);
  return { pointStyle, rotation: 0, filled: false, lines, radius: 1 };
}

function around(corners: number, from: number): Corner[] {
  return Array.from({ length: corners }, (_, index) => corner(from + (index * 360) / corners, 1));
}

function corner(degrees: number, length: number): Corner {
  const radians = (degrees * Math.PI) / 180;
  return [length * Math.cos(radians), length * Math.sin(radians)];
}
