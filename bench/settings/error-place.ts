import { fileURLToPath } from "node:url";
import { packageFolder } from "../files/package-files.ts";
import { shownPath } from "./adapters.ts";

/**
 * `file:line: message`, where the stack leads into a file of the user's; of a syntax error, its message does.
 * Otherwise `path: message`, or the message alone where there is no path.
 */
export function placed(path: string | null, message: string, stack: string): string {
  const [first = ""] = message.replace(/^\w*ParseError: /, "").split("\n");
  const place = placeIn(stack) ?? path;
  return place === null ? first.trim() : `${place}: ${first.trim()}`;
}

/** `file:line` where a stack leads into a file of the user's, the first of them; null where it leads into none. */
export function placeIn(stack: string): string | null {
  const places = [...stack.matchAll(/(?:^|[\s(])((?:\/|[A-Za-z]:\\).*?):(\d+):\d+\)?$/gm)];
  const own = places.find(([, file = ""]) => isUsers(file));
  return own === undefined ? null : `${shownPath(own[1] ?? "")}:${own[2]}`;
}

/** Neither a library's nor one of the harness's, which calls into adapters and is called by them. */
function isUsers(file: string): boolean {
  if (/[\\/]node_modules[\\/]/.test(file)) return false;
  const folder = fileURLToPath(packageFolder());
  return !["bench", "dist", "scenarios", "transports"].some((own) => file.startsWith(folder + own));
}
