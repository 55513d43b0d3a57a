import { dataId } from "../data.ts";
import type { PageData } from "../data.ts";

/** What the page was made with: it was written by the same program, so it needs no check. */
export function pageData(): PageData {
  const data: PageData = JSON.parse(document.getElementById(dataId)?.textContent ?? "");
  return data;
}
