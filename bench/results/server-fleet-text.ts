import type { RecordedConfig } from "./recorded-config.ts";

/**
 * How many servers share the clients, by what bus they have all messages, and what stands in front of them; empty where
 * one serves alone.
 */
export function serverFleetText({
  servers = 1,
  bus,
  balance = "none",
}: Pick<RecordedConfig, "servers" | "bus" | "balance">): string {
  const isAlone = servers === 1 && (bus === undefined || bus === "none");
  if (isAlone && balance === "none") return "";
  const many = servers === 1 ? "1 server" : `${servers} servers`;
  // The user's own have one that nobody here knows.
  const fleet = bus === undefined || isAlone ? many : `${many} with bus ${bus}`;
  return balance === "none" ? fleet : `${fleet} behind ${balance}`;
}
