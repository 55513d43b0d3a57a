export interface Figure {
  /**
   * Stays the same over versions: what checks refer to. One that ends in `.at` and a number is a point of
   * a series over that number, such as `memory.at250`.
   */
  readonly key: string;
  /** The head of its column; a line feed breaks it. */
  readonly label: string;
  /** The table it stands in; the scenario's main one when left out. */
  readonly table?: string;
  readonly unit: "ns" | "ms" | "bytes" | "count" | "per second" | "percent" | "text";
  readonly better: "lower" | "higher" | "neither";
  /** Null when it could not be had. */
  readonly value: number | string | null;
  /**
   * `at least` when something other than the thing itself ended the measurement, `range` when it is known
   * to lie between `value` and `most`.
   */
  readonly bound?: "exact" | "at least" | "range";
  /** Where `bound` is `range`. */
  readonly most?: number;
  /** The phase in which it was measured; left out where there were several. */
  readonly phase?: string;
  /**
   * Whether it is a time from one process to another, such as that of a message to its receiver: where these are on
   * several machines, two clocks tell it, and the figure says how far they may be apart.
   */
  readonly oneWay?: boolean;
  /** How to read the figure; the same in every trial. */
  readonly about?: string;
  /** What is special about this value: why there is none, or what it is bound by. */
  readonly note?: string;
  /** Whether it is the figure by which a sentence sums up the scenario's variants. */
  readonly headline?: boolean;
  /**
   * True of what is counted, such as bytes or messages, and comes out the same on every machine: then a
   * single trial says which variant has less. Of anything else it doesn't.
   */
  readonly counted?: boolean;
  /** Sentences about the figure; without them, sentences use its label. */
  readonly words?: Words;
  /**
   * How a sentence tells what a variant adds to the figure, or takes from it: `{value} set-up` for `+1560 B set-up`.
   * Figures without it aren't told of there.
   */
  readonly adds?: string;
}

/** Sentences without their first capital and full stop; `{value}` and `{variant}` stand for these. */
export interface Words {
  /** Said of any variant, whose name follows: `half of the messages arrive within {value}`. */
  readonly states: string;
  /** Said of the best variant: `messages arrive soonest with {variant}: half within {value}`. */
  readonly leads: string;
}
