/** The browsers in which clients can live. */
export const browserNames = ["chromium", "firefox"] as const;

export type BrowserName = (typeof browserNames)[number];
