import { ProtocolError, endedByServer, normalizedError } from "./protocol-error.ts";

/** Why a request to a server of somebody else's has no whole answer. */
export interface AnswerFailure {
  readonly kind: FailureKind;
  /** What the server said, or the system: one line that may hold anything, such as what was asked. */
  readonly detail: string;
}

/**
 * `no stream`: the answer is of another type. `cut`: it ended before its end. `error event`: the stream itself tells
 * of one. `no token`: it came whole, and nothing in it is text.
 */
export type FailureKind =
  | "refused"
  | "unreachable"
  | "reset"
  | "TLS"
  | `status ${number}`
  | "no stream"
  | "not HTTP"
  | "cut"
  | "error event"
  | "no token"
  | "timed out";

/** The failure for an error of a connection; `hasBegun` is whether the head of an answer had come. */
export function failureOf(error: Error, hasBegun: boolean): AnswerFailure {
  const code = codeIn(error);
  const normalized = normalizedError(error);
  const { message } = normalized;
  if (hasBegun) return { kind: "cut", detail: message };
  if (code === "ECONNREFUSED") return { kind: "refused", detail: code };
  if (isOfTls(code)) return { kind: "TLS", detail: `${code}: ${error.message}` };
  if (message === endedByServer) return { kind: "reset", detail: "no answer" };
  if (normalized instanceof ProtocolError) return { kind: "not HTTP", detail: message };
  return { kind: "unreachable", detail: code === "" ? message : code };
}

/** Of the error, or what caused it. */
function codeIn({ cause, ...error }: Error & { readonly code?: unknown }): string {
  if (typeof error.code === "string") return error.code;
  return cause instanceof Error ? codeIn(cause) : "";
}

/** As Node names them: its own, OpenSSL's, and those of certificates. */
function isOfTls(code: string): boolean {
  return /^(?:ERR_TLS|ERR_SSL|EPROTO|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_|INVALID_CA)/.test(
    code,
  );
}
