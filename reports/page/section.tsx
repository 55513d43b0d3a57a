import type { ComponentChildren, VNode } from "preact";

interface HeadingProps {
  readonly level: 2 | 3;
  /** Where a link leads to. */
  readonly id: string;
  readonly text: string;
}

/** A heading that can be linked to. */
export function Heading({ level, id, text }: HeadingProps): VNode {
  const Tag = level === 2 ? "h2" : "h3";
  return (
    <Tag id={id}>
      <Name text={text} />{" "}
      <a class="anchor" href={`#${id}`} aria-label={`Link to ${text}`}>
        #
      </a>
    </Tag>
  );
}

interface SectionProps {
  readonly id: string;
  readonly title: string;
  readonly children: ComponentChildren;
}

export function Section({ id, title, children }: SectionProps): VNode {
  return (
    <section aria-labelledby={id}>
      <Heading level={2} id={id} text={title} />
      {children}
    </section>
  );
}

/** A name from outside: it may break before its options, and keeps its direction of writing to itself. */
export function Name({ text }: { readonly text: string }): VNode {
  const parts = text.split(/(?=[:@+])/);
  return <bdi>{parts.flatMap((part, index) => (index === 0 ? [part] : [<wbr />, part]))}</bdi>;
}
