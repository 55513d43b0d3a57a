import { userInfo } from "node:os";

/** Who runs this process: by number where the system has no name for that, as in many a container. */
export function ownName(look: () => { readonly username: string } = userInfo): string {
  try {
    return look().username;
  } catch {
    return String(process.getuid?.());
  }
}
