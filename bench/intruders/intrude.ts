import { setTimeout } from "node:timers/promises";
import type { Guards } from "../../transports/guards.ts";
import { nowNs } from "../measure/clock.ts";
import { notRefused } from "../results/recorded-intruders.ts";
import type { Intruders } from "../results/recorded-intruders.ts";
import { Crowd } from "./crowd.ts";
import { kindsFor } from "./kinds.ts";
import type { IntruderKind } from "./kinds.ts";
import { Line } from "./line.ts";
import type { Door } from "./line.ts";
import type { Tried } from "./requests.ts";

/** How long the server has to refuse what it can refuse at once, however busy it is. */
const patienceMs = 3_000;

/** Between the first attempts of one kind and the next: they aren't to come in step. */
const apartMs = 13;

/**
 * Has intruders of each kind try for `forMs`. The last attempts begin early enough to be refused in time. Each kind has
 * an address of its own where the system lets clients have some, so that no limit per address hits anybody else.
 */
export async function intrude(tried: Tried, forMs: number): Promise<Intruders[]> {
  const hasAddresses = await canComeFrom(tried.door, addressOf(0));
  // Beside clients of the same address, a crowd would keep those out.
  const kinds = kindsFor(tried).filter(({ inCrowd }) => hasAddresses || inCrowd !== true);
  return Promise.all(
    kinds.map((kind, index) => {
      const door = { ...tried.door, ...(hasAddresses && { from: addressOf(index) }) };
      return tryKind(kind, { ...tried, door }, forMs, index * apartMs);
    }),
  );
}

/** All of 127.0.0.0/8 is loopback on Linux; clients of a trial come from the first of them. */
function addressOf(index: number): string {
  return `127.0.66.${index + 1}`;
}

async function canComeFrom(door: Door, from: string): Promise<boolean> {
  if (!door.host.startsWith("127.")) return false;
  await using line = new Line({ ...door, from }, patienceMs);
  return await line.connected();
}

async function tryKind(
  kind: IntruderKind,
  tried: Tried,
  forMs: number,
  afterMs: number,
): Promise<Intruders> {
  const untilNs = nowNs() + forMs * 1e6;
  const takesMs = timeIn(kind, tried.guards);
  const limitMs = takesMs + patienceMs;
  await using crowd =
    kind.inCrowd === true ? new Crowd(tried, tried.guards.perAddress ?? 0, forMs + limitMs) : null;
  const tally = new Tally(kind);
  await setTimeout(afterMs);
  const tryOn = async (): Promise<void> => {
    do {
      await crowd?.fill();
      await using line = new Line(tried.door, limitMs);
      await kind.try(line, tried);
      tally.add(line);
      await setTimeout(kind.everyMs);
    } while (nowNs() + takesMs * 1e6 <= untilNs);
  };
  await Promise.all(Array.from({ length: kind.lines }, tryOn));
  return tally.result();
}

/** How long an attempt takes that is refused in time. */
function timeIn({ breaks }: IntruderKind, { requestMs = 0, idleMs = 0 }: Guards): number {
  if (breaks === "requestMs") return requestMs;
  // Of a connection that asks for nothing, a request may be waited for.
  return breaks === "idleMs" ? Math.max(requestMs, idleMs) : 0;
}

/** The attempts of one kind, as they ended. */
class Tally {
  readonly #kind: IntruderKind;
  readonly #endings = new Map<string, number>();
  #attempts = 0;
  #longestNs: number | null = null;
  #mostBytes = 0;
  #failure: Error | null = null;

  constructor(kind: IntruderKind) {
    this.#kind = kind;
  }

  add({ failure, refusal, refusedAfterNs, sentBytes }: Line): void {
    this.#failure ??= failure;
    if (failure !== null) return;
    const ending = refusal ?? notRefused;
    this.#attempts += 1;
    this.#endings.set(ending, (this.#endings.get(ending) ?? 0) + 1);
    this.#mostBytes = Math.max(this.#mostBytes, sentBytes);
    if (refusal !== null) this.#longestNs = Math.max(this.#longestNs ?? 0, refusedAfterNs);
  }

  /** Throws where none got as far as the server. */
  result(): Intruders {
    if (this.#attempts === 0 && this.#failure !== null) {
      throw new Error(`${this.#kind.name}: ${this.#failure.message}`);
    }
    return {
      kind: this.#kind.name,
      attempts: this.#attempts,
      endings: Object.fromEntries(this.#endings),
      longestMs: this.#longestNs === null ? null : this.#longestNs / 1e6,
      mostBytes: this.#mostBytes,
    };
  }
}
