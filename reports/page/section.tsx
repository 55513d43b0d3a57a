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

interface NameProps {
  readonly text: string;
  /** Its end that is enough where it stands in its group; null for all of it. */
  readonly beyond?: string | null;
}

/** A name from outside: it may break before its options, and keeps its direction of writing to itself. */
export function Name({ text, beyond = null }: NameProps): VNode {
  const start = beyond === null ? "" : text.slice(0, text.length - beyond.length);
  const parts = text.slice(start.length).split(/(?=[:@+])/);
  return (
    <bdi>
      {start === "" ? null : <span class="transport">{start}</span>}
      {parts.flatMap((part, index) => (index === 0 ? [part] : [<wbr />, part]))}
    </bdi>
  );
}

interface ScrollTableProps {
  /** What is heard of the box. */
  readonly label: string;
  /** What is heard of the table, where it is more than that. */
  readonly caption?: string;
  readonly class: string;
  readonly sortable?: true;
  readonly children: ComponentChildren;
}

/** A table that scrolls in its own box where the page is narrow. */
export function ScrollTable(props: ScrollTableProps): VNode {
  const { label, caption = label, sortable, children } = props;
  return (
    <div class="scroll" role="region" aria-label={label} tabIndex={0}>
      <table class={props.class} data-sortable={sortable}>
        <caption class="unseen">{caption}</caption>
        {children}
      </table>
    </div>
  );
}

interface TextTableProps {
  readonly label: string;
  readonly caption?: string;
  /** Left out where columns need no names. */
  readonly heads?: readonly string[];
  /** Each begins with what it is about. */
  readonly rows: readonly (readonly ComponentChildren[])[];
}

/** A table of texts, none of which is a figure to sort by. */
export function TextTable({ label, caption = label, heads = [], rows }: TextTableProps): VNode {
  return (
    <ScrollTable label={label} caption={caption} class="facts">
      {heads.length === 0 ? null : (
        <thead>
          <tr>
            {heads.map((head) =>
              head === "" ? (
                <td key={head} />
              ) : (
                <th key={head} scope="col">
                  <bdi>{head}</bdi>
                </th>
              ),
            )}
          </tr>
        </thead>
      )}
      <tbody>
        {rows.map(([first, ...others], row) => (
          <tr key={row}>
            <th scope="row">
              <bdi>{first}</bdi>
            </th>
            {others.map((cell, column) => (
              <td key={column}>
                <bdi>{cell}</bdi>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

/** Items of a list, of texts that may come from anybody. */
export function Items({ texts }: { readonly texts: readonly string[] }): VNode {
  return (
    <>
      {texts.map((text, index) => (
        <li key={index}>
          <bdi>{text}</bdi>
        </li>
      ))}
    </>
  );
}

/** Where the warnings of a scenario stand. */
export function warningsId(id: string): string {
  return `warnings--${id}`;
}
