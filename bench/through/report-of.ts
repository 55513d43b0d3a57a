import { heldBytes } from "./buffered-finding.ts";
import { findingsOf } from "./findings.ts";
import { shownUrl } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Looked } from "./look.ts";
import { answeringField } from "./question.ts";
import { throughFormat, throughVersion } from "./report.ts";
import type { Through } from "./report.ts";

/** The document about an endpoint, with no secret of its user's. */
export function reportOf(endpoint: Endpoint, looked: Looked): Through {
  const { first, asked, offered, upgraded, boundMs } = looked;
  const { head, chunks, askedMs } = asked?.once ?? first;
  const gathering = asked?.slow.gathering ?? null;
  const isBuffered = asked?.faults.includes("buffered") === true;
  const [askedBy] = head?.fields[answeringField]?.split(" ") ?? [];
  const since = (atMs: number | undefined): number | null =>
    atMs === undefined ? null : atMs - askedMs;
  const { silence } = upgraded;
  return withoutTheirs(endpoint, {
    format: throughFormat,
    schemaVersion: throughVersion,
    url: shownUrl(endpoint),
    isAnswered: asked !== null,
    boundMs,
    findings: findingsOf(looked),
    figures: {
      headMs: since(head?.atMs),
      firstMs: since(chunks[0]?.atMs),
      burst: asked === null ? null : isBuffered ? (gathering?.burst ?? 0) : 0,
      heldMs: isBuffered && gathering?.isUntilEnd === false ? gathering.heldMs : null,
      heldBytes: asked === null || asked.quick === null ? null : heldBytes(asked.slow, asked.quick),
      idle:
        asked === null || asked.silent.ms === null
          ? null
          : { ms: asked.silent.ms, isCut: asked.silent.isCut },
      idleWebSocket:
        upgraded.head?.status !== 101 || upgraded.wasTold
          ? null
          : { ms: silence?.ms ?? boundMs, isCut: silence !== null },
      contentEncoding: (asked?.slow.heard ?? first).head?.fields["content-encoding"] ?? null,
      protocol: offered.protocol,
      askedBy: askedBy ?? null,
    },
  });
}

/** Whatever repeats a secret that was given, as servers do that answer with what they were asked. */
function withoutTheirs({ hide }: Endpoint, report: Through): Through {
  return {
    ...report,
    findings: report.findings.map((finding) => ({ ...finding, found: hide(finding.found) })),
    figures: {
      ...report.figures,
      contentEncoding:
        report.figures.contentEncoding === null ? null : hide(report.figures.contentEncoding),
    },
  };
}
