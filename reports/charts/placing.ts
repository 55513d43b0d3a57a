/** A point that gets a text of this size beside it. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * A box for each spot's text, within `area` and clear of the others' boxes and spots: the nearest that
 * covers the fewest of `taken`. Null where there is no room left.
 */
export function place(
  spots: readonly Spot[],
  area: Box,
  taken: readonly { readonly x: number; readonly y: number }[],
): (Box | null)[] {
  const boxes: (Box | null)[] = [];
  for (const spot of spots) {
    const free = boxesAround(spot).filter(
      (box) =>
        isWithin(box, area) &&
        boxes.every((other) => other === null || !overlap(box, other)) &&
        spots.every((other) => !overlap(box, around(other, 8))),
    );
    const costs = free.map((box) => taken.filter((point) => overlap(box, around(point, 2))).length);
    const least = Math.min(...costs);
    boxes.push(free[costs.indexOf(least)] ?? null);
  }
  return boxes;
}

/** Beside, above and below, and then further away. */
function boxesAround({ x, y, width, height }: Spot): Box[] {
  return [14, 30, 50, 75, 105, 140, 180].flatMap((distance) => {
    const [level, middle] = [y - height / 2, x - width / 2];
    const slant = distance * 0.7;
    return [
      [x + distance, level],
      [x + slant, y - slant - height],
      [x + slant, y + slant],
      [x - distance - width, level],
      [x - slant - width, y - slant - height],
      [x - slant - width, y + slant],
      [middle, y - distance - height],
      [middle, y + distance],
    ].map(([left = 0, top = 0]) => ({ left, top, right: left + width, bottom: top + height }));
  });
}

function around({ x, y }: { readonly x: number; readonly y: number }, radius: number): Box {
  return { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius };
}

function isWithin(box: Box, area: Box): boolean {
  return (
    box.left >= area.left &&
    box.right <= area.right &&
    box.top >= area.top &&
    box.bottom <= area.bottom
  );
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
