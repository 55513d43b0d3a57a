import { shownPath } from "./adapters.ts";

/** `file:line: message`, where the stack leads into a file of the user's; of a syntax error, its message does. */
export function placed(path: string, message: string, stack: string): string {
  const [first = ""] = message.replace(/^\w*ParseError: /, "").split("\n");
  const places = [...stack.matchAll(/(?:^|[\s(])((?:\/|[A-Za-z]:\\).*?):(\d+):\d+\)?$/gm)];
  const own = places.find(([, file = ""]) => !/[\\/]node_modules[\\/]/.test(file));
  const place = own === undefined ? path : `${shownPath(own[1] ?? "")}:${own[2]}`;
  return `${place}: ${first.trim()}`;
}
