import { bothWays, scaleBytes, sumBytes } from "../../bench/results/wire-parts.ts";
import { beyond } from "./measured.ts";
import type { ByteCoefficients, Coefficients } from "./measured.ts";
import { pollsOf } from "./polls.ts";
import type { WireBytes } from "../../bench/results/wire-parts.ts";

/*
 * What a workload costs with a variant, from what was measured. Also runs in the page: plain data in,
 * plain data out, and nothing of Node.
 *
 * Messages are evenly spaced, as measured. Of a client to which λ messages are sent each second
 *  - that polls every P seconds, min(1/P, λ) polls a second find something and max(0, 1/P − λ) nothing;
 *  - whose polls are held for H seconds, each finds as many messages as measured at that rate, and before
 *    each message ⌊1/(λH)⌋ find nothing;
 *  - to which messages are pushed, heartbeats go on as when nothing is sent: nothing that was measured
 *    leaves them out while messages flow, and beside those they hardly count.
 * Bytes belong to a connection, so they grow with the number of clients; nothing else is assumed of them.
 */

export interface Workload {
  readonly clients: number;
  /** To each client. */
  readonly messagesPerSecond: number;
  readonly payloadBytes: number;
  /** For variants that poll on a grid; null leaves each with the one that was measured. */
  readonly pollIntervalMs: number | null;
  /** Of each client. */
  readonly reconnectsPerDay: number;
}

export interface CostInputs extends Workload {
  /** For 10^9 bytes, in any currency. */
  readonly pricePerGB: number;
  readonly billed: "down" | "both";
}

export interface Amount<T> {
  /** Null when it can't be had. */
  readonly value: T | null;
  /** Whether something is missing from the value. */
  readonly atLeast: boolean;
  /** Why there is no value, or what is missing from it. */
  readonly why: string | null;
  /** What was asked for beyond what was measured, such as `messages per second: 0–200 measured`. */
  readonly extrapolated: readonly string[];
}

/** For all clients together. */
export interface Cost {
  readonly bytesPerSecond: Amount<WireBytes>;
  /** Of 30 days. */
  readonly bytesPerMonth: Amount<WireBytes>;
  /** In the currency of `pricePerGB`. */
  readonly pricePerMonth: Amount<number>;
  readonly meanStalenessMs: Amount<number>;
  /** Of connections only: what the server needs without any is not in it. */
  readonly serverMemoryBytes: Amount<number>;
  /** CPU seconds of the server each second. */
  readonly serverCores: Amount<number>;
}

const secondsPerMonth: number = 30 * 86_400;
const bytesPerGB = 1e9;

export function costOf(coefficients: Coefficients, inputs: CostInputs): Cost {
  const bytesPerSecond = bytesOf(coefficients, inputs);
  const bytesPerMonth = mapped(bytesPerSecond, (bytes) => scaleBytes(bytes, secondsPerMonth));
  return {
    bytesPerSecond,
    bytesPerMonth,
    pricePerMonth: mapped(
      bytesPerMonth,
      ({ down, up }) =>
        ((inputs.billed === "down" ? down : down + up) / bytesPerGB) * inputs.pricePerGB,
    ),
    meanStalenessMs: stalenessOf(coefficients, inputs),
    serverMemoryBytes: memoryOf(coefficients, inputs),
    serverCores: coresOf(coefficients, inputs),
  };
}

/** What one client takes that stays connected and polls as it was measured, in bytes a second both ways; null where unknown. */
export function clientBytesPerSecond(
  coefficients: ByteCoefficients,
  messagesPerSecond: number,
  payloadBytes: number,
): number | null {
  const { value } = bytesOf(coefficients, {
    clients: 1,
    messagesPerSecond,
    payloadBytes,
    pollIntervalMs: null,
    reconnectsPerDay: 0,
  });
  return value && bothWays(value);
}

/** What a number of clients take. */
function bytesOf(coefficients: ByteCoefficients, inputs: Workload): Amount<WireBytes> {
  const { messages, idle, setUp } = coefficients;
  const { clients, messagesPerSecond, pollIntervalMs, payloadBytes, reconnectsPerDay } = inputs;
  if (messages.value === null) return nothing(messages.why);
  const polls = pollsOf(coefficients, messagesPerSecond, pollIntervalMs);
  const lacks: string[] = [];
  const parts: WireBytes[] = [
    scaleBytes({ down: payloadBytes, up: 0 }, messagesPerSecond),
    scaleBytes(messages.value.message, messagesPerSecond),
    scaleBytes(messages.value.answer, polls.answers),
  ];
  if (idle.value === null) {
    // A client that polls often enough to find something each time has no empty polls to know of.
    if (coefficients.pollIntervalMs === null || polls.empty !== 0) lacks.push(idle.why);
  } else {
    parts.push(idle.value.heartbeats, scaleBytes(idle.value.emptyPoll, polls.empty ?? 0));
  }
  if (reconnectsPerDay > 0) {
    if (setUp.value === null) lacks.push(setUp.why);
    else parts.push(scaleBytes(setUp.value, reconnectsPerDay / 86_400));
  }
  if (lacks.length > 0 && messagesPerSecond === 0) return nothing(lacks.join("; "));
  const { clients: _, ...measured } = messages.measured;
  return {
    value: scaleBytes(sumBytes(parts), clients),
    atLeast: lacks.length > 0,
    why: lacks.length > 0 ? lacks.join("; ") : null,
    extrapolated: beyond({ ...measured, clients: null }, inputs),
  };
}

/** A message waits for the next poll, on average half an interval. */
function stalenessOf(
  { staleness, pollIntervalMs }: Coefficients,
  inputs: CostInputs,
): Amount<number> {
  if (staleness.value === null) return nothing(staleness.why);
  if (inputs.messagesPerSecond === 0) return nothing("there are no messages");
  const longer =
    pollIntervalMs === null ? 0 : (inputs.pollIntervalMs ?? pollIntervalMs) - pollIntervalMs;
  return {
    value: Math.max(0, staleness.value.meanMs + longer / 2),
    atLeast: false,
    why: null,
    extrapolated: beyond(staleness.measured, inputs),
  };
}

function memoryOf({ memory }: Coefficients, inputs: CostInputs): Amount<number> {
  if (memory.value === null) return nothing(memory.why);
  return {
    value: memory.value.bytes * inputs.clients,
    atLeast: false,
    why: null,
    extrapolated: beyond(memory.measured, inputs),
  };
}

function coresOf(coefficients: Coefficients, inputs: CostInputs): Amount<number> {
  const { cpu, idle } = coefficients;
  const { clients, messagesPerSecond, pollIntervalMs } = inputs;
  if (cpu.value === null) return nothing(cpu.why);
  const { answers, empty } = pollsOf(coefficients, messagesPerSecond, pollIntervalMs);
  const perDelivery = cpu.value.per === "delivery";
  if (messagesPerSecond === 0 && (perDelivery || empty === null)) {
    return nothing("CPU time was measured while messages flowed, and there are none");
  }
  const units = perDelivery ? messagesPerSecond : answers + (empty ?? 0);
  const isShort = !perDelivery && empty === null;
  return {
    value: (units * clients * cpu.value.serverMs) / 1_000,
    atLeast: isShort,
    why: isShort && idle.value === null ? idle.why : null,
    extrapolated: beyond(cpu.measured, inputs),
  };
}

function nothing(why: string): Amount<never> {
  return { value: null, atLeast: false, why, extrapolated: [] };
}

function mapped<T, U>(amount: Amount<T>, change: (value: T) => U): Amount<U> {
  return { ...amount, value: amount.value === null ? null : change(amount.value) };
}
