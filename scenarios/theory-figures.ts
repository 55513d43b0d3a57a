import type { Figure, MeasuredPhase, Stage } from "./scenario.ts";

const undefinedBytes = "no definition says what these bytes must be";
const unequalMessages = "the messages of the corpus are of several sizes";
const unknownExchanges =
  "which messages came together, or were still under way at the end, isn't known";

/** The measured bytes, and beside them those that the format's definition gives. */
export function besideTheory(
  measured: Omit<Figure, "unit" | "better" | "counted">,
  phase: MeasuredPhase,
  part: "deliveries" | "upstream",
  overhead: (bytes: number) => number | null,
  { noTheory }: Stage["transport"],
): Figure[] {
  const { name, theory } = phase;
  const bytes = theory?.[part] ?? null;
  return [
    { ...measured, phase: name, unit: "bytes", better: "lower", counted: true },
    {
      key: `theory.${part}`,
      phase: name,
      label: "by\ndefinition",
      ...(measured.table !== undefined && { table: measured.table }),
      unit: "bytes",
      better: "neither",
      value: bytes === null ? null : overhead(bytes),
      note: theory !== null && bytes !== null ? theory.source : (noTheory[part] ?? whyNone(phase)),
    },
  ];
}

function whyNone({ theory, payloadBytes }: MeasuredPhase): string {
  if (theory !== null) return unknownExchanges;
  return payloadBytes === null ? undefinedBytes : unequalMessages;
}
