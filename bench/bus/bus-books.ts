import { isIn, without } from "./number-ranges.ts";
import type { NumberRange } from "./number-ranges.ts";

/** What one server has published and taken in a window: each publisher numbers its messages. */
export interface BusBooks {
  /** Whether it took another's place, and was told what it had missed: what others published wasn't all for it to take. */
  readonly wasTold?: true;
  /** Of several where one took another's place. */
  readonly published: readonly Published[];
  readonly taken: readonly {
    readonly publisher: number;
    readonly ranges: readonly NumberRange[];
  }[];
}

export interface Published {
  readonly publisher: number;
  readonly numbers: NumberRange;
  /** Those that it couldn't hand to the bus. */
  readonly unsent: readonly NumberRange[];
}

/** A message that some servers were to take from the bus and haven't. */
export interface Untaken {
  /** Counted from 0. */
  readonly publishedBy: number;
  readonly publisher: number;
  readonly number: number;
  readonly isUnsent: boolean;
  readonly servers: readonly number[];
}

/** The same, by what its receivers know it by. */
export interface BusLoss {
  readonly channel: string;
  readonly sequence: number;
  readonly isUnsent: boolean;
  readonly servers: readonly number[];
}

/** The books of a server, and of the one that took its place. */
export function joinedBooks(each: readonly BusBooks[]): BusBooks {
  return {
    published: each.flatMap(({ published }) => published),
    taken: each.flatMap(({ taken }) => taken),
    ...(each.some(({ wasTold }) => wasTold) && { wasTold: true }),
  };
}

/** What was published in the window and not taken by all, by the books of the servers in their order. */
export function untakenOf(books: readonly BusBooks[], crossesItself: boolean): Untaken[] {
  return books.flatMap(({ published }, publishedBy) =>
    published.flatMap((one) => {
      const missedBy = new Map<number, number[]>();
      for (const [server, { taken, wasTold }] of books.entries()) {
        if (server === publishedBy ? !crossesItself : wasTold) continue;
        const ranges = taken.filter(({ publisher }) => publisher === one.publisher);
        const took = ranges.flatMap((range) => range.ranges);
        for (const number of without(one.numbers, took)) {
          missedBy.set(number, [...(missedBy.get(number) ?? []), server]);
        }
      }
      return [...missedBy].map(([number, servers]) => ({
        publishedBy,
        publisher: one.publisher,
        number,
        isUnsent: isIn(one.unsent, number),
        servers,
      }));
    }),
  );
}
