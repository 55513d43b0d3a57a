import { BenchError } from "../errors/errors.ts";
import { findTools, runTool } from "../network/network-tools.ts";
import type { Tools } from "../network/network-tools.ts";
import { waysIn } from "../network/namespace.ts";

/** With which privileges private networks can be made, or why they can't. */
export type Namespaces =
  | { readonly as: "root" | "rootless" }
  /** `lacking`: whether it is because programs are missing, which the reason names. */
  | { readonly refused: string; readonly lacking: boolean };

/** Makes a private network as `--netns` would; it is gone with the program that it was made for. */
export async function tryNamespaces(
  path: string = process.env["PATH"] ?? "",
  moreFolders?: readonly string[],
): Promise<Namespaces> {
  let tools: Tools;
  try {
    tools = findTools(path, process.platform, moreFolders);
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    return { refused: error.message, lacking: true };
  }
  let refused = "";
  for (const as of ["root", "rootless"] as const) {
    try {
      await runTool([tools.unshare, ...waysIn[as], tools.ip, "link", "set", "lo", "up"]);
      return { as };
    } catch (error) {
      refused = error instanceof Error ? error.message : String(error);
    }
  }
  return { refused, lacking: false };
}
