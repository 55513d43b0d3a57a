import { describe, expect, it } from "vitest";
import { heldBack, heldText } from "./endpoint-buffer.ts";
import type { TokenGroup } from "./scenario.ts";

const nginx = { server: "nginx/1.22.1" };

interface Piece {
  readonly tokens: number;
  readonly bytes: number;
  readonly quietMs: number;
  readonly isWhole?: boolean;
}

/** So many answers, each of these pieces. */
function answers(count: number, pieces: readonly Piece[]): TokenGroup[] {
  return Array.from({ length: count }, (_, answer) =>
    pieces.map((piece) => ({ answer, isWhole: true, ...piece })),
  ).flat();
}

const full = { tokens: 37, bytes: 4_096, quietMs: 180, isWhole: false };

function fullOf(bytes: number): Piece {
  return { tokens: 37, bytes, quietMs: 180, isWhole: false };
}

const first = { ...full, tokens: 35, bytes: 3_988, quietMs: 420 };
const rest = { tokens: 17, bytes: 1_940, quietMs: 80 };

describe("what holds tokens back", () => {
  it("is told by pieces of one size that end within an event, as nginx lets them go", () => {
    const held = heldBack({ groups: answers(3, [first, full, full, rest]), fields: nginx });
    expect(held).toMatchObject({ tokens: 37, bytes: 4_096, by: "nginx/1.22.1" });
    expect(held && heldText(held)).toBe(
      "tokens come 37 at once, every 4,096 B: looks held back by nginx/1.22.1; " +
        "proxy_buffering off, or X-Accel-Buffering: no from the server",
    );
    expect(held?.reasons).toEqual([
      "6 of 6 pieces that came after a silence end within an event, as who sends events doesn't",
      "they have 4,096 B",
    ]);
  });

  it("has a size of whole pages, also where its framing takes some of that", () => {
    const sizes = [7_900, 8_010, 7_955].map(fullOf);
    const held = heldBack({ groups: answers(2, [first, ...sizes, rest]), fields: nginx });
    expect(held).toMatchObject({ bytes: 8_192 });
    expect(held?.reasons[1]).toBe("they have 7,900 to 8,010 B");
  });

  it("may have any size, and may be nobody that names itself", () => {
    const pieces = [first, ...Array.from({ length: 3 }, () => ({ ...full, bytes: 5_000 })), rest];
    const held = heldBack({ groups: answers(1, pieces), fields: {} });
    expect(held).toMatchObject({ bytes: 5_000, by: null });
    expect(held && heldText(held)).toContain(
      "every 5,000 B: looks held back; see what stands in front of it by doctor --through",
    );
    expect(held?.reasons).toContain("nobody names itself: it may be a buffer of the server's own");
  });

  it("is told by short answers that come at once, where who answers is known to do so", () => {
    const whole = { tokens: 12, bytes: 1_320, quietMs: 400 };
    const held = heldBack({ groups: answers(3, [whole]), fields: { via: "1.1 varnish" } });
    expect(held).toMatchObject({ tokens: 12, bytes: null, by: "1.1 varnish" });
    expect(held && heldText(held)).toContain("12 at once, with the answer's end");
    expect(held?.reasons).toContain(
      "a server that sends its answers so by itself would look the same",
    );
  });
});

describe("nothing is held back", () => {
  const silent = (
    what: string,
    groups: TokenGroup[],
    fields: Record<string, string> = nginx,
  ): void => {
    it(what, () => expect(heldBack({ groups, fields })).toBeNull());
  };
  const burst = { tokens: 8, bytes: 880, quietMs: 160 };
  silent("where nothing was seen", []);
  silent(
    "where each token comes by itself",
    answers(
      5,
      Array.from({ length: 60 }, () => ({ tokens: 1, bytes: 110, quietMs: 20 })),
    ),
  );
  silent(
    "by a server's own bursts, however regular and large, behind whatever proxy",
    answers(
      5,
      Array.from({ length: 9 }, () => ({ ...burst, tokens: 37, bytes: 4_070 })),
    ),
  );
  silent(
    "by a server's own bursts of exactly a page",
    answers(5, [
      burst,
      { ...full, isWhole: true },
      { ...full, isWhole: true },
      { ...full, isWhole: true },
      rest,
    ]),
  );
  silent(
    "by large writes that the network cuts, one right after the other",
    answers(
      5,
      Array.from({ length: 9 }, () => ({ ...full, bytes: 1_448, quietMs: 0.4 })),
    ),
  );
  silent(
    "by single events that come in two pieces",
    answers(
      5,
      Array.from({ length: 9 }, () => ({ ...full, tokens: 1, bytes: 60 })),
    ),
  );
  silent(
    "by pieces of all sizes that end within an event",
    answers(5, [first, ...[900, 2_500, 4_096, 3_100].map(fullOf), rest]),
  );
  silent("by two pieces that may be chance", answers(1, [first, full, full, rest]));
  silent(
    "by short answers at once of a server that nobody known names",
    answers(5, [{ tokens: 12, bytes: 1_320, quietMs: 400 }]),
    { server: "uvicorn" },
  );
  silent(
    "by short answers that come at once and soon",
    answers(5, [{ tokens: 12, bytes: 1_320, quietMs: 30 }]),
  );
});
