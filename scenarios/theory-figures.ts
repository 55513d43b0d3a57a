import type { Figure, MeasuredPhase } from "./scenario.ts";

const undefinedBytes = "no definition says what these bytes must be";
const unequalMessages = "the messages of the corpus are of several sizes";

/** The measured bytes, and beside them those that the format's definition gives. */
export function besideTheory(
  measured: Omit<Figure, "unit" | "better" | "counted">,
  { name: phase, theory, payloadBytes }: MeasuredPhase,
  part: "deliveries" | "upstream",
  overhead: (bytes: number) => number | null,
): Figure[] {
  const bytes = theory?.[part] ?? null;
  return [
    { ...measured, phase, unit: "bytes", better: "lower", counted: true },
    {
      key: `theory.${part}`,
      phase,
      label: "by\ndefinition",
      ...(measured.table !== undefined && { table: measured.table }),
      unit: "bytes",
      better: "neither",
      value: bytes === null ? null : overhead(bytes),
      note: theory?.source ?? (payloadBytes === null ? undefinedBytes : unequalMessages),
    },
  ];
}
