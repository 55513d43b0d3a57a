import type { ProgramPlace } from "./program.ts";

/** How long a browser may take until it serves, in milliseconds: it reads a hundred megabytes of itself first. */
export const browserStartMs = 30_000;

/** Has a browser keep all that it writes in its own folder, and nobody's desktop wait for it. */
export function browserEnvironment({ folder }: ProgramPlace): Record<string, string> {
  return {
    HOME: folder,
    TMPDIR: folder,
    XDG_CONFIG_HOME: folder,
    XDG_CACHE_HOME: folder,
    XDG_RUNTIME_DIR: folder,
    DBUS_SESSION_BUS_ADDRESS: "disabled:",
  };
}
