import { csv } from "./csv.ts";
import { figures } from "./figures.ts";
import { html } from "./html.tsx";
import { json } from "./json.ts";
import { markdown } from "./markdown.ts";
import { png } from "./png.ts";
import type { Report } from "./report.ts";
import { terminal } from "./terminal.ts";

/** Every way to present results; those that draw come last. */
export const reports: readonly Report[] = [terminal, markdown, csv, figures, json, html, png];
