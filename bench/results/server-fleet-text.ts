import type { RecordedConfig } from "./recorded-config.ts";

/** How many servers share the clients, and by what bus they have all messages; empty where one serves alone. */
export function serverFleetText({
  servers = 1,
  bus,
}: Pick<RecordedConfig, "servers" | "bus">): string {
  if (servers === 1 && (bus === undefined || bus === "none")) return "";
  const many = servers === 1 ? "1 server" : `${servers} servers`;
  // The user's own have one that nobody here knows.
  return bus === undefined ? many : `${many} with bus ${bus}`;
}
