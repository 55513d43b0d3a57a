import { measuringNeeds, resourceShortage } from "../machine/resource-limits.ts";
import type { Finding } from "./diagnosis.ts";

/** Whether what shells and containers limit leaves room to measure at all. */
export function resourceLimitsFinding(
  lacking: string | null = resourceShortage(measuringNeeds),
): Finding {
  const [found = "", advice = null] = lacking?.split("; ") ?? ["high enough to measure"];
  return {
    key: "limits",
    title: "process limits",
    status: lacking === null ? "good" : "bad",
    found,
    enables: lacking === null ? "every process of a trial can start" : "nothing can be measured",
    advice,
  };
}
