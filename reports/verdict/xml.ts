/** An element of an XML document, with what stands in it. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Elements, or text. */
  readonly content: readonly Element[] | string;
}

/** The document as text. Its texts are visible: XML 1.0 has no way at all to write some of the others. */
export function xmlText(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${elementText(root, "")}`;
}

function elementText({ name, attributes, content }: Element, indent: string): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escapedXml(String(value)).replaceAll(/[\t\n]/g, asReference)}"`,
  );
  const start = `${indent}<${name}${written.join("")}`;
  if (content.length === 0) return `${start}/>\n`;
  if (typeof content === "string") return `${start}>${escapedXml(content)}</${name}>\n`;
  const inner = content.map((child) => elementText(child, `${indent}  `)).join("");
  return `${start}>\n${inner}${indent}</${name}>\n`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};

function escapedXml(text: string): string {
  return text.replaceAll(/[&<>"\r]/g, (sign) => entities[sign] ?? sign);
}

/** A parser makes spaces of line ends in attributes, unless they are written so. */
function asReference(sign: string): string {
  return `&#${sign.charCodeAt(0)};`;
}
