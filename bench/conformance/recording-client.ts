import type { ClientHandlers } from "../../transports/transport.ts";

/** Something that can be waited for: `until` resolves as soon as its condition holds. */
export class Signal {
  #waiting: { holds: () => boolean; resolve: () => void }[] = [];

  changed(): void {
    const due = this.#waiting.filter(({ holds }) => holds());
    this.#waiting = this.#waiting.filter((waiting) => !due.includes(waiting));
    for (const { resolve } of due) resolve();
  }

  until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ holds, resolve }));
  }
}

/** A client that keeps all that it receives. */
export class RecordingClient implements ClientHandlers {
  readonly received: string[] = [];
  readonly gaps: number[] = [];
  readonly endings: string[] = [];
  /** For each whole answer, how many messages had been received by its end. */
  readonly answers: number[] = [];
  /** For each further connection, whether a request was asked again on it. */
  readonly reconnects: boolean[] = [];
  readonly changes: Signal = new Signal();

  message(payload: Buffer | string): void {
    this.received.push(payload.toString());
    this.changes.changed();
  }

  answered(): void {
    this.answers.push(this.received.length);
    this.changes.changed();
  }

  gap(missed: number): void {
    this.gaps.push(missed);
    this.changes.changed();
  }

  closed(reason: string): void {
    this.endings.push(reason);
    this.changes.changed();
  }

  reconnected(retried: boolean): void {
    this.reconnects.push(retried);
    this.changes.changed();
  }

  async count(messages: number): Promise<string[]> {
    await this.changes.until(() => this.received.length >= messages);
    return this.received;
  }
}
