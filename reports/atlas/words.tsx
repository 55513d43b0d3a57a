import type { VNode } from "preact";
import type { Atlas, AtlasProxy } from "./atlas.ts";
import { nothingFound, proxySentences } from "./sentences.ts";
import type { Sentence } from "./sentences.ts";

export function SentenceText({ sentence }: { readonly sentence: Sentence }): VNode {
  return (
    <bdi>
      {sentence.map(({ text, isCode }, index) => (isCode ? <code key={index}>{text}</code> : text))}
    </bdi>
  );
}

/** What was found behind a proxy, in words. */
export function ProxyWords({
  atlas,
  proxy,
}: {
  readonly atlas: Atlas;
  readonly proxy: AtlasProxy;
}): VNode {
  const none = nothingFound(proxy);
  return (
    <ul>
      {proxySentences(atlas, proxy).map((sentence, index) => (
        <li key={index}>
          <SentenceText sentence={sentence} />
        </li>
      ))}
      {none === null ? null : <li>{none}</li>}
    </ul>
  );
}

/** A text in which addresses of the web can be followed; nothing else of it can. */
export function Source({ text }: { readonly text: string }): VNode {
  const parts = text.split(/(https:\/\/[^\s<>"'()]+)/);
  return (
    <bdi>
      {parts.map((part, index) =>
        index % 2 === 0 ? (
          part
        ) : (
          <a key={index} href={part} rel="external noopener noreferrer">
            {part}
          </a>
        ),
      )}
    </bdi>
  );
}
