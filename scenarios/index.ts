import { badDay } from "./bad-day.ts";
import { browserLimits } from "./browser-limits.ts";
import { brokerFailure } from "./broker-failure.ts";
import { connections } from "./connections.ts";
import { echo } from "./echo.ts";
import { endpoint } from "./endpoint.ts";
import { guards } from "./guards.ts";
import { halfOpen } from "./half-open.ts";
import { hiddenTab } from "./hidden-tab.ts";
import { integrity } from "./integrity.ts";
import { latency } from "./latency.ts";
import { lossy } from "./lossy.ts";
import { proxy } from "./proxy.ts";
import { overhead } from "./overhead.ts";
import { memory } from "./memory.ts";
import { offlineQueue } from "./offline-queue.ts";
import { reconnect } from "./reconnect.ts";
import { rollingRestart } from "./rolling-restart.ts";
import { rooms } from "./rooms.ts";
import { storm } from "./storm.ts";
import { tokensResume } from "./tokens-resume.ts";
import { toolCalls } from "./tool-calls.ts";
import { throughput } from "./throughput.ts";
import { tokens } from "./tokens.ts";
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
  throughput,
  reconnect,
  halfOpen,
  storm,
  rollingRestart,
  slowConsumer,
  offlineQueue,
  lossy,
  rooms,
  tokens,
  toolCalls,
  tokensResume,
  brokerFailure,
  proxy,
  browserLimits,
  hiddenTab,
  endpoint,
  guards,
  badDay,
];
