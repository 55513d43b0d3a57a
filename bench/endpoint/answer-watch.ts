import type { AnswerFailure } from "../../transports/answer-failure.ts";
import type { Header } from "../../transports/protocol-error.ts";
import type { AsideKind, ClientHandlers } from "../../transports/transport.ts";
import type { Dialler } from "../measure/dialler.ts";
import { nowNs } from "../measure/clock.ts";
import type { RecordedGroup } from "../results/recorded-endpoint.ts";

/** What comes within this is read at once: one buffer may be read in two pieces. */
const togetherNs = 1e6;

/** Pieces that came at once, as for `RecordedEndpoint`. */
export type Group = Omit<RecordedGroup, "answer">;

/** How an answer came; times are on the process's clock. */
export interface Watched {
  readonly dueNs: number | null;
  readonly sentNs: number;
  readonly firstByteNs: number | null;
  readonly tokensNs: readonly number[];
  /** Tokens in each read of the connection that held some. */
  readonly reads: readonly number[];
  readonly groups: readonly Group[];
  readonly asides: readonly AsideKind[];
  readonly bytesDown: number;
  readonly bytesUp: number;
  /** Null where it came whole. */
  readonly failure: AnswerFailure | null;
  readonly header: Header;
}

const noHeader: Header = () => undefined;

/** Watches one answer after another of a client, by what that hears. */
export class AnswerWatch implements ClientHandlers {
  readonly #dialler: Dialler;
  readonly #ended: (watched: Watched) => void;
  #dueNs: number | null = null;
  #sentNs = 0;
  #firstByteNs: number | null = null;
  #tokensNs: number[] = [];
  #reads: number[] = [];
  #readAt = -1;
  #groups: Group[] = [];
  #group: { -readonly [Key in keyof Group]: Group[Key] } | null = null;
  #groupNs = 0;
  #tokensInPiece = 0;
  #asides: AsideKind[] = [];
  #bytesBefore = { down: 0, up: 0 };
  #header = noHeader;
  #isUnderWay = false;

  /** `ended` is called with each answer, or with what came of it. */
  constructor(dialler: Dialler, ended: (watched: Watched) => void) {
    this.#dialler = dialler;
    this.#ended = ended;
  }

  /** A request is about to be sent. */
  begin(dueNs: number | null): void {
    this.#dueNs = dueNs;
    this.#firstByteNs = null;
    this.#tokensNs = [];
    this.#reads = [];
    this.#readAt = -1;
    this.#groups = [];
    this.#group = null;
    this.#tokensInPiece = 0;
    this.#asides = [];
    this.#header = noHeader;
    this.#isUnderWay = true;
    this.connected();
    this.#sentNs = nowNs();
    this.#groupNs = this.#sentNs;
  }

  /** What has crossed by now was for the connection itself. */
  connected(): void {
    this.#bytesBefore = { down: this.#dialler.heardBytes, up: this.#dialler.sentBytes };
  }

  headed(_status: number, header: Header): void {
    this.#firstByteNs ??= nowNs();
    this.#header = header;
  }

  message(): void {
    this.#tokensNs.push(nowNs());
    this.#tokensInPiece += 1;
    const heard = this.#dialler.heardBytes;
    if (heard === this.#readAt) this.#reads[this.#reads.length - 1] = (this.#reads.at(-1) ?? 0) + 1;
    else this.#reads.push(1);
    this.#readAt = heard;
  }

  read(bytes: number, isWhole: boolean): void {
    const now = nowNs();
    const tokens = this.#tokensInPiece;
    this.#tokensInPiece = 0;
    if (this.#group !== null && now - this.#groupNs <= togetherNs) {
      this.#group.tokens += tokens;
      this.#group.bytes += bytes;
      this.#group.isWhole = isWhole;
    } else {
      this.#group = { tokens, bytes, quietMs: (now - this.#groupNs) / 1e6, isWhole };
      this.#groups.push(this.#group);
    }
    this.#groupNs = now;
  }

  aside(kind: AsideKind): void {
    this.#asides.push(kind);
  }

  answered(): void {
    this.#end(null);
  }

  failed(failure: AnswerFailure): void {
    this.#end(failure);
  }

  closed(reason: string): void {
    this.#end({ kind: this.#firstByteNs === null ? "reset" : "cut", detail: reason });
  }

  gap(): void {}

  reconnected(): void {}

  #end(failure: AnswerFailure | null): void {
    if (!this.#isUnderWay) return;
    this.#isUnderWay = false;
    const { down, up } = this.#bytesBefore;
    this.#ended({
      dueNs: this.#dueNs,
      sentNs: this.#sentNs,
      firstByteNs: this.#firstByteNs,
      tokensNs: this.#tokensNs,
      reads: this.#reads,
      groups: this.#groups,
      asides: this.#asides,
      bytesDown: this.#dialler.heardBytes - down,
      bytesUp: this.#dialler.sentBytes - up,
      failure,
      header: this.#header,
    });
  }
}
