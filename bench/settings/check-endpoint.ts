import { usageError } from "../errors/errors.ts";
import type { Config, Settings } from "./config.ts";
import type { Naming } from "./naming.ts";

/** What a body that is sent as it is doesn't have. */
const ofMessages = ["payload", "payloadKind", "encoding"] as const;

/**
 * Refuses scenarios that ask an endpoint as it is with transports that have messages due, and the other way round: there
 * the server decides when anything is due.
 */
export function checkEndpoint(
  { variants, scenarios }: Pick<Config, "variants" | "scenarios">,
  settings: Settings,
  naming: Naming,
): void {
  const asIs = variants.find(({ bound }) => bound.asIs);
  for (const { name, asksEndpoint = false } of scenarios) {
    const wrong = variants.find(({ bound }) => bound.asIs !== asksEndpoint);
    if (wrong === undefined) continue;
    throw usageError(
      asksEndpoint
        ? `${naming("transports")}: ${name} asks an endpoint of yours as it is, and ${wrong.name} has messages of the harness's; name openai`
        : `${naming("scenarios")}: ${name} has messages that are due at a time, and ${wrong.name} asks an endpoint that decides so itself; name ${(wrong.bound.scenarios ?? []).join(" or ")}`,
    );
  }
  if (asIs === undefined) return;
  const idle = ofMessages.find((key) => settings[key] !== undefined);
  if (idle === undefined) return;
  throw usageError(
    `${naming(idle)} has no effect with ${asIs.name}, which sends your ${naming("request")}`,
  );
}
