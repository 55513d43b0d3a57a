/** A trial of a run: scenario, variant, and in milliseconds when it began and how long it took. */
export type RecordedTrial = readonly [
  scenario: string,
  variant: string,
  atMs: number,
  tookMs: number,
];

/** What can be known of how long a run takes from one that was recorded. */
export interface RecordedRun {
  readonly profile: "quick" | "default";
  /** Loading the command took this long, in milliseconds. */
  readonly loadingMs: number;
  readonly trials: readonly RecordedTrial[];
}

/** `bench run --quick` with two cores of its own. */
export const quietQuick: RecordedRun = {
  profile: "quick",
  loadingMs: 396,
  trials: [
    ["latency", "sse", 0, 1857],
    ["latency", "short-polling", 1860, 3378],
    ["latency", "websocket", 5241, 1455],
    ["latency", "long-polling", 6707, 1754],
    ["latency", "tcp", 8513, 1068],
    ["echo", "websocket", 9586, 1253],
    ["echo", "short-polling", 10843, 2790],
    ["echo", "long-polling", 13636, 1159],
    ["echo", "sse", 14802, 1010],
    ["echo", "tcp", 15822, 672],
    ["overhead", "websocket", 19337, 1337],
    ["overhead", "sse", 20453, 1338],
    ["overhead", "long-polling", 21543, 1002],
    ["overhead", "tcp", 18380, 4581],
    ["overhead", "short-polling", 18959, 5904],
    ["connections", "websocket", 24868, 748],
    ["connections", "short-polling", 25621, 2762],
    ["connections", "tcp", 28392, 437],
    ["connections", "long-polling", 28922, 1793],
    ["connections", "sse", 30734, 343],
  ],
};

/** The same with some twenty other processes at work; without the trials that replaced the invalid ones. */
export const busyQuick: RecordedRun = {
  profile: "quick",
  loadingMs: 1_086,
  trials: [
    ["latency", "sse", 0, 4987],
    ["latency", "short-polling", 4998, 6981],
    ["latency", "websocket", 11983, 1916],
    ["latency", "long-polling", 13954, 4752],
    ["latency", "tcp", 18751, 3374],
    ["echo", "websocket", 25904, 2407],
    ["echo", "short-polling", 28339, 6670],
    ["echo", "long-polling", 35102, 1004],
    ["echo", "sse", 36134, 2857],
    ["echo", "tcp", 39000, 1957],
    ["overhead", "websocket", 58403, 3733],
    ["overhead", "sse", 62076, 2555],
    ["overhead", "short-polling", 56662, 8102],
    ["overhead", "long-polling", 64014, 3664],
    ["overhead", "tcp", 54459, 13507],
    ["connections", "websocket", 67972, 2444],
    ["connections", "short-polling", 70457, 5586],
    ["connections", "tcp", 76087, 1804],
    ["connections", "long-polling", 77947, 5563],
    ["connections", "sse", 83534, 3035],
  ],
};
