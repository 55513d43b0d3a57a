import { templateNames } from "./proxy.ts";
import type { TemplateValues } from "./proxy.ts";

/** A value's place: anything else in braces belongs to the program. */
const place = /\{\{(\w+)\}\}/g;

/** Puts values into a template. */
export function filled(template: string, values: Partial<TemplateValues>): string {
  return template.replaceAll(place, (_, name: string) => {
    const value = isKnown(name) ? values[name] : undefined;
    if (value === undefined) throw new Error(`there is nothing to put for {{${name}}}`);
    return value;
  });
}

/** The first name in a template that stands for nothing; null where there is none. */
export function unknownIn(template: string): string | null {
  return namesIn(template).find((name) => !isKnown(name)) ?? null;
}

export function namesIn(template: string): string[] {
  return [...template.matchAll(place)].map(([, name = ""]) => name);
}

function isKnown(name: string): name is keyof TemplateValues {
  return templateNames.some((known) => known === name);
}
