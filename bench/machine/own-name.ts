import { userInfo } from "node:os";

/** Who runs this process: by number where the system has no name for that, as in many a container. */
export function ownName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.());
  }
}
