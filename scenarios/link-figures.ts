import { perDelivery } from "./figures.ts";
import type { Figure, LinkMeasured, MeasuredPhase } from "./scenario.ts";

// The third level of bytes: what stands on the wire, with the headers of TCP and IP. There are none of
// these figures where only the connections' payload is counted.

const common = {
  table: "on the wire, with the headers of TCP and IP",
  better: "lower",
  counted: true,
} as const;

/** The same as the figures of the overhead scenario's main table, one level lower. */
export const linkFigures = {
  setUp: (phase: MeasuredPhase): Figure[] =>
    onLink(phase, ({ ipBytes }) => [
      {
        ...common,
        key: "link.setUp",
        label: "set-up\nB/client",
        unit: "bytes",
        value: (ipBytes.down + ipBytes.up) / phase.clients,
        about: "both ways, with TCP's handshake",
      },
    ]),

  messages: (phase: MeasuredPhase, ratePerSecond: number, payloadBytes: number): Figure[] =>
    onLink(phase, ({ ipBytes, segments, acknowledgements }) => {
      const perMessage = (key: string, label: string, count: number): Figure => ({
        ...common,
        key: `link.${key}`,
        label,
        // Bytes are written with their fractions, counts without.
        unit: "bytes",
        value: perDelivery(phase, count),
      });
      return [
        {
          ...perMessage("overhead", "B/msg", ipBytes.down + ipBytes.up - payloadBytes),
          label: `B/msg at\n${ratePerSecond}/s`,
          about: "all bytes both ways minus the payload, for each delivered message",
        },
        perMessage("segmentsDown", "segments\ndown/msg", segments.down),
        perMessage("segmentsUp", "segments\nup/msg", segments.up),
        {
          ...perMessage("acks", "ACKs/msg", acknowledgements.down + acknowledgements.up),
          about: "segments both ways that only acknowledge; they also count as segments",
        },
      ];
    }),

  idle: (phase: MeasuredPhase, note: string): Figure[] =>
    onLink(phase, ({ ipBytes }) => [
      {
        ...common,
        key: "link.idle",
        label: "idle\nB/min",
        unit: "bytes",
        value: ((ipBytes.down + ipBytes.up) / phase.clients) * (60_000 / phase.durationMs),
        note,
      },
    ]),
};

function onLink(
  { link, name: phase }: MeasuredPhase,
  figures: (link: LinkMeasured) => Figure[],
): Figure[] {
  return link === null ? [] : figures(link).map((figure) => Object.assign(figure, { phase }));
}
