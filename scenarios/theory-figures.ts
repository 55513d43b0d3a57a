import type { Figure, MeasuredPhase } from "./scenario.ts";

/** The measured bytes, and beside them those that the format's definition gives. */
export function besideTheory(
  measured: Omit<Figure, "unit" | "better" | "counted">,
  { name: phase, theory }: MeasuredPhase,
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
      note: theory?.source ?? "no definition says what these bytes must be",
    },
  ];
}
