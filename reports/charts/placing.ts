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

interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * A box for each spot's text, within `area` and clear of the others' boxes and spots, and of the lines
 * that lead to them if it can be: near, and covering few of `taken`. Null where there is no room left.
 */
export function place(spots: readonly Spot[], area: Box, taken: readonly Place[]): (Box | null)[] {
  const boxes: (Box | null)[] = [];
  const leads: Place[] = [];
  for (const spot of spots) {
    const others = boxes.filter((box) => box !== null);
    const free = boxesAround(spot).filter(
      (box) =>
        isWithin(box, area) &&
        others.every((other) => !overlap(box, other)) &&
        spots.every((other) => !overlap(box, around(other, 8))),
    );
    const clear = free.filter((box) => {
      const lead = leadTo(spot, box);
      return !covers(box, leads) && others.every((other) => !covers(other, lead));
    });
    const box = cheapest(clear.length > 0 ? clear : free, spot, taken);
    boxes.push(box);
    if (box !== null) leads.push(...leadTo(spot, box));
  }
  return boxes;
}

function cheapest(boxes: readonly Box[], spot: Spot, taken: readonly Place[]): Box | null {
  const costs = boxes.map((box) => {
    const covered = taken.filter((at) => overlap(box, around(at, 2))).length;
    return 5 * covered + leadTo(spot, box).length;
  });
  return boxes[costs.indexOf(Math.min(...costs))] ?? null;
}

function covers(box: Box, places: readonly Place[]): boolean {
  return places.some((at) => overlap(box, around(at, 2)));
}

/** Where a box is nearest to a place. */
export function nearestIn(box: Box, { x, y }: Place): Place {
  return {
    x: Math.min(Math.max(x, box.left), box.right),
    y: Math.min(Math.max(y, box.top), box.bottom),
  };
}

/** Places on the line from a spot to its box, four pixels apart. */
function leadTo(spot: Spot, box: Box): Place[] {
  const end = nearestIn(box, spot);
  const steps = Math.floor(Math.hypot(end.x - spot.x, end.y - spot.y) / 4);
  return Array.from({ length: steps }, (_, step) => ({
    x: spot.x + ((end.x - spot.x) * step) / steps,
    y: spot.y + ((end.y - spot.y) * step) / steps,
  }));
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
      [x - 8, y - distance - height],
      [x - 8, y + distance],
      [x + 8 - width, y - distance - height],
      [x + 8 - width, y + distance],
    ].map(([left = 0, top = 0]) => ({ left, top, right: left + width, bottom: top + height }));
  });
}

function around({ x, y }: Place, radius: number): Box {
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
