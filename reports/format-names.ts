/** What `bench report --format` takes. A list of its own, so that help needn't load what draws charts. */
export const formatNames = ["terminal", "md", "csv", "figures", "html", "png", "json"] as const;

export type FormatName = (typeof formatNames)[number];
