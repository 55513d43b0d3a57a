import { unescape } from "node:querystring";
import { hidden, withoutSecrets } from "./secrets.ts";

/** Fields of requests that everybody may read. */
const publicFields =
  /^(?:accept(?:-.*)?|cache-control|content-type|host|origin|referer|user-agent)$/i;

/** Shorter ones would be found anywhere. */
const minCharacters = 4;

/** What a user has given that a server is asked with: values that may be secret, whole and by their words, the longest first. */
export function secretsGiven(url: URL, fields: Readonly<Record<string, string>>): string[] {
  const values = [
    ...Object.entries(fields).flatMap(([name, value]) => (publicFields.test(name) ? [] : value)),
    ...url.searchParams.values(),
    // As they are written, and keys without a name.
    ...url.search
      .slice(1)
      .split("&")
      .map((pair) => pair.slice(pair.indexOf("=") + 1)),
    url.username,
    url.password,
  ];
  const words = values.flatMap((value) => [value].concat(value.split(/[\s=;,]+/)));
  const forms = words.flatMap((word) => [word, encodeURIComponent(word), unescape(word)]);
  const secrets = new Set(forms.filter(({ length }) => length >= minCharacters));
  return [...secrets].toSorted((a, b) => b.length - a.length);
}

/** Hides them, and whatever else looks like a secret. */
export function hidingOf(secrets: readonly string[]): (text: string) => string {
  return (text) =>
    withoutSecrets(secrets.reduce((shown, secret) => shown.replaceAll(secret, hidden), text));
}

/** A query for people: what it holds may be a key. */
export function hiddenQuery(search: string): string {
  return search.replaceAll(/(?<=[?&])([^&=]*=)?[^&]*/g, `$1${hidden}`);
}
