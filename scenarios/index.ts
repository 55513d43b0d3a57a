import { connections } from "./connections.ts";
import { echo } from "./echo.ts";
import { integrity } from "./integrity.ts";
import { latency } from "./latency.ts";
import { overhead } from "./overhead.ts";
import { memory } from "./memory.ts";
import { reconnect } from "./reconnect.ts";
import { slowConsumer } from "./slow-consumer.ts";
import type { Scenario } from "./scenario.ts";

/** Every scenario, in the order in which they are played and shown. */
export const scenarios: readonly Scenario[] = [
  latency,
  echo,
  overhead,
  connections,
  memory,
  integrity,
  reconnect,
  slowConsumer,
];
