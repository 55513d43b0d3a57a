import type { VNode } from "preact";
import { isFilled } from "../charts/chart.ts";
import type { Chart, Style } from "../charts/chart.ts";
import { markerOf } from "../charts/marker.ts";
import { dashOf, shadeName } from "../charts/theme.ts";

const [width, height, radius] = [30, 12, 4.5];

interface KeyProps {
  readonly style: Style | undefined;
  readonly kind?: Chart["kind"];
}

/** A piece of a series' line with its marker, or what it is drawn by; the name beside it says what it is. */
export function Key({ style, kind = "line" }: KeyProps): VNode | null {
  if (style === undefined) return null;
  return (
    <svg
      class={`key c-${shadeName(style)}`}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      aria-hidden="true"
    >
      {isFilled(kind) ? <rect class="filled" x="4" y="0" width="22" height="12" /> : null}
      {kind === "line" ? <Line style={style} /> : null}
      {isFilled(kind) ? null : <Sign style={style} />}
    </svg>
  );
}

function Line({ style }: { readonly style: Style }): VNode {
  const dashes = dashOf(style);
  return (
    <path
      class="line"
      d={`M1 ${height / 2}H${width - 1}`}
      stroke-dasharray={dashes.length === 0 ? undefined : dashes.join(" ")}
    />
  );
}

function Sign({ style }: { readonly style: Style }): VNode {
  const { filled, lines } = markerOf(style);
  const path = lines.map((corners) => {
    const places = corners.map(
      ([x, y]) => `${round(width / 2 + radius * x)} ${round(height / 2 + radius * y)}`,
    );
    return `M${places.join("L")}${filled ? "Z" : ""}`;
  });
  return <path class={filled ? "filled" : "strokes"} d={path.join("")} />;
}

function round(length: number): number {
  return Math.round(length * 10) / 10;
}
