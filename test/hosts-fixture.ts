import type { PlayedHost } from "../bench/results/schema.ts";
import { environment } from "./results-fixture.ts";

/** A host that runs servers or clients, on a machine like that of other fixtures. */
export function playedHost(
  name: string,
  ran: PlayedHost["ran"],
  { cores = 4, node = "20.20.2", addresses = ["127.0.0.1"] } = {},
): PlayedHost {
  const { host, software } = structuredClone(environment);
  return {
    name,
    role: "both",
    ran,
    addresses,
    host: { ...host, cores },
    software: { ...software, versions: { ...software.versions, node } },
  };
}
