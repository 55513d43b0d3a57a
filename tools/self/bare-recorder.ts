import { build, initWebAssemblySync } from "../../bench/results/hdr-histogram.ts";
import { nowNs } from "../../bench/measure/clock.ts";
import { highestNs } from "../../bench/measure/histogram.ts";

/*
 * The least that has to be done with a delivery for its latency and order to be known, written apart from
 * the harness's recorder: what that costs more is what is to be found out. Only the clock is the same.
 * Heads of payloads are as `payloads/envelope.ts` describes them, but without the sent time and the check.
 */

/** A client's position in the order of messages: the number of the next. */
interface Position {
  next: number;
}

export interface BareRecorder {
  arrived: number;
  wrong: number;
  bytes(position: Position, payload: Buffer): void;
  text(position: Position, payload: string): void;
  begin(): void;
  medianNs(): number | null;
}

/** Times in payloads count from `epochNs`. */
export async function openRecorder(epochNs: number): Promise<BareRecorder> {
  initWebAssemblySync();
  const delivery = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestNs,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: true,
  });

  const record = (position: Position, sequence: number, durationNs: number): void => {
    recorder.arrived += 1;
    if (sequence !== position.next) recorder.wrong += 1;
    position.next = sequence + 1;
    delivery.recordValue(durationNs);
  };

  const recorder: BareRecorder = {
    arrived: 0,
    wrong: 0,
    bytes(position, payload) {
      const receivedNs = nowNs() - epochNs;
      const dueNs = hexOfBytes(payload, 8, 14) * 0x100_0000 + hexOfBytes(payload, 14, 20);
      record(position, hexOfBytes(payload, 0, 8), receivedNs - dueNs);
    },
    text(position, payload) {
      const receivedNs = nowNs() - epochNs;
      const dueNs = hexOfText(payload, 8, 14) * 0x100_0000 + hexOfText(payload, 14, 20);
      record(position, hexOfText(payload, 0, 8), receivedNs - dueNs);
    },
    begin() {
      recorder.arrived = 0;
      recorder.wrong = 0;
      delivery.reset();
    },
    medianNs: () => (delivery.totalCount === 0 ? null : delivery.getValueAtPercentile(50)),
  };
  return recorder;
}

/** Of few enough digits that the value stays one of V8's small integers. */
function hexOfBytes(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 16 + digit(bytes[at] ?? 0);
  return value;
}

function hexOfText(text: string, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 16 + digit(text.charCodeAt(at));
  return value;
}

function digit(code: number): number {
  return code < 58 ? code - 48 : code - 87;
}

/** Writes sequence number and due time into the head of `payload`, in position; the sent time stays 0. */
export function writeHead(payload: Buffer, sequence: number, dueNs: number): void {
  writeHex(payload, 0, 8, sequence);
  writeHex(payload, 8, 14, Math.floor(dueNs / 0x100_0000));
  writeHex(payload, 14, 20, dueNs % 0x100_0000);
}

function writeHex(bytes: Buffer, start: number, end: number, value: number): void {
  for (let at = end - 1, rest = value; at >= start; at -= 1, rest >>= 4) {
    const low = rest & 15;
    bytes[at] = low < 10 ? low + 48 : low + 87;
  }
}
