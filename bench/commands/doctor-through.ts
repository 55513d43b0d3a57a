import * as z from "zod";
import { duration } from "../../transports/option-values.ts";
import { codeOf, exitCodes, usageError } from "../errors/errors.ts";
import type { BenchError } from "../errors/errors.ts";
import { verificationSettings } from "../settings/config.ts";
import { asFlag, parsedBy } from "../settings/naming.ts";
import { verificationOf } from "../settings/target-settings.ts";
import { whyTlsFailed } from "../processes/tls-mismatch.ts";
import { endpointAt, parseEndpointUrl, parseFields, shownUrl } from "../through/endpoint.ts";
import type { Endpoint } from "../through/endpoint.ts";
import type { Head } from "../through/heard.ts";
import { look } from "../through/look.ts";
import type { Looked } from "../through/look.ts";
import { reportOf } from "../through/report-of.ts";
import { reportText } from "../through/report-text.ts";

export interface ThroughFlags {
  readonly through: string;
  readonly header?: readonly string[];
  readonly bound?: string;
  readonly ca?: string;
  readonly insecure?: boolean;
  readonly json?: boolean;
}

const flagsSchema = z.object({
  bound: duration(1_000, 600_000).default(75_000),
  ca: verificationSettings.ca.optional(),
  insecure: verificationSettings.insecure.optional(),
});

/** `bench doctor --through URL`: what stands in front of an endpoint. */
export async function doctorThrough(flags: ThroughFlags): Promise<number> {
  const { bound, ca, insecure } = parsedBy(flagsSchema, flags, asFlag);
  const url = parseEndpointUrl(flags.through);
  const fields = parseFields(flags.header ?? []);
  const verification = verificationOf({ ca, insecure }, [url.href], asFlag);
  const endpoint = endpointAt(url, fields, verification);
  if (flags.json !== true && process.stderr.isTTY) {
    process.stderr.write(`up to ${Math.ceil((2 * bound) / 1_000)} s …\n`);
  }
  const looked = await lookAt(endpoint, bound);
  const { head, end } = looked.first;
  if (head === null && end !== null) throw noAnswer(endpoint, end.how);
  if (head !== null && head.status >= 300) throw refusal(endpoint, head);
  const report = reportOf(endpoint, looked);
  const text = flags.json === true ? JSON.stringify(report, null, 2) : reportText(report);
  process.stdout.write(`${text}\n`);
  return exitCodes.done;
}

async function lookAt(endpoint: Endpoint, boundMs: number): Promise<Looked> {
  try {
    return await look(endpoint, boundMs);
  } catch (error) {
    throw unreachable(endpoint, error);
  }
}

function unreachable(endpoint: Endpoint, error: unknown): BenchError {
  const shown = shownUrl(endpoint);
  const code = codeOf(error);
  const { hostname, protocol } = endpoint.url;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return usageError(`--through: ${hostname} has no address (${code})`);
  }
  const why =
    protocol === "https:" && error instanceof Error ? whyTlsFailed(error, hostname) : null;
  if (why !== null && !systemCode.test(code)) return usageError(`--through: ${shown} ${why}`);
  return usageError(`--through: nothing answers at ${shown} (${code})`);
}

/** Something is there, and ends the connection. */
function noAnswer(endpoint: Endpoint, how: string): BenchError {
  const shown = shownUrl(endpoint);
  if (/HPE_HEADER_OVERFLOW/.test(how)) {
    return usageError(`--through: ${shown} answers with a head of more than 16 KiB`);
  }
  const what = /HPE_/.test(how) ? "it isn't HTTP" : how;
  return usageError(`--through: ${shown} doesn't answer: ${what}; is it http:// or https://?`);
}

/** Of sockets, where TLS has nothing to say. */
const systemCode = /^(?:ECONN|EHOST|ENET|ETIMEDOUT|EPIPE|EADDR|ENOT|EAI)/;

function refusal(endpoint: Endpoint, { status, reason, fields }: Head): BenchError {
  const shown = shownUrl(endpoint);
  const answer = endpoint.hide(`${status} ${reason}`.trim());
  const by = fields["server"] === undefined ? "" : endpoint.hide(` (${fields["server"]})`);
  const { location } = fields;
  if (status < 400) {
    const to = location === undefined ? "elsewhere" : locationShown(endpoint, location);
    return usageError(
      `--through: ${shown} redirects ${to} with ${answer}: give that URL if fields such as Authorization may go there`,
    );
  }
  if (status === 401 || status === 403 || status === 407) {
    return usageError(
      `--through: ${shown} answers ${answer}${by}: give the fields that its clients send by --header`,
    );
  }
  if (status === 404 || status === 405) {
    return usageError(
      `--through: ${shown} answers ${answer}${by}: give the path of a stream that is read by GET`,
    );
  }
  return usageError(
    `--through: ${shown} answers ${answer}${by}${status >= 500 ? ": the server behind it fails, or isn't reached" : ""}`,
  );
}

function locationShown(endpoint: Endpoint, location: string): string {
  return URL.canParse(location, endpoint.url.href)
    ? `to ${shownUrl({ ...endpoint, url: new URL(location, endpoint.url) })}`
    : "elsewhere";
}
