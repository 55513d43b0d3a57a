/*
 * Text from users may hold secrets, and results, reports and logs of CI are passed on. So in every text that leaves
 * this process, parts that look like a secret, by name or by form, are replaced.
 */

/** Stands for what is hidden. */
export const hidden = "***";

/** Names of what is secret: `DB_PASSWORD`, `--api-token`, `?access_token`, `KEY`. */
const secretName =
  /token|secret|passw(?:or)?d|passphrase|credential|api[_-]?key|access[_-]?key|private[_-]?key|auth(?!or)|session|cookie|signature|jwt|bearer|dsn|(?:^|[_.-])(?:key|pass|pw|pwd|sig)$/i;

/**
 * Names of values: before `=`, or a flag before the next word. Not an option of a variant, `+token=abc`: that stands in
 * its name, wherever it is said.
 */
const names = /(?<![\w.+-])(?:(-{0,2}\w[\w.-]*)=|(-{1,2}\w[\w.-]*)\s+(?!-))/g;

/** A value, as far as a shell or a URL takes it for one, but not what stands for one in a help text: `<file>`. */
const value = /"[^"]*"|'[^']*'|(?!<\w+>)[^\s"'&;|,)]+/y;

const others: readonly (readonly [RegExp, string])[] = [
  // The user and password in a URL, but not where a message says how to write them.
  [/(\b[a-z][a-z\d+.-]{0,20}:\/\/)(?!\[user:password@\])[^\s/?#"']*@/gi, `$1${hidden}@`],
  [
    /\b((?:proxy-)?authorization|(?:set-)?cookie|x-[\w-]{0,40}(?:key|token|auth))(\s*:\s*)[^"'\n]+/gi,
    `$1$2${hidden}`,
  ],
  // As curl and others take a name and a password.
  [/(?<!\S)(-u|--user)([\s=]+)[^\s:"']+:[^\s"']+/g, `$1$2${hidden}`],
  [/\b(bearer|basic)(\s+)[\w+/.~-]{8,}=*/gi, `$1$2${hidden}`],
  // Of well-known services, and signed tokens (RFC 7519).
  [
    /\b(?:gh[opsur]_|github_pat_|glpat-|npm_|xox[abeprs]-|sk-|sk_live_|rk_live_)[\w-]{12,}/g,
    hidden,
  ],
  [/\b(?:AKIA|ASIA)[A-Z\d]{16}\b/g, hidden],
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, hidden],
];

/** A text with its secrets hidden, and those of `commandLine` wherever they are said again. */
export function withoutSecrets(text: string, commandLine = ""): string {
  const said = secretsIn(commandLine).reduce(
    (rest, secret) => rest.replaceAll(secret, hidden),
    text,
  );
  return withoutSecretForms(said);
}

function withoutSecretForms(text: string): string {
  return others.reduce(
    (rest, [pattern, instead]) => rest.replaceAll(pattern, instead),
    withoutNamed(text),
  );
}

function withoutNamed(text: string): string {
  let shownText = "";
  let at = 0;
  for (const match of text.matchAll(names)) {
    const start = match.index + match[0].length;
    if (start < at || !secretName.test(match[1] ?? match[2] ?? "")) continue;
    value.lastIndex = start;
    if (!value.test(text)) continue;
    shownText += text.slice(at, start) + hidden;
    at = value.lastIndex;
  }
  return shownText + text.slice(at);
}

/** So short a word would be found anywhere. */
const minCharacters = 4;

/** The secrets of a command line: the texts that are replaced by stars. */
function secretsIn(commandLine: string): string[] {
  const words = commandLine.split(/[\s"'=:@&?/]+/);
  const left = new Set(withoutSecretForms(commandLine).split(/[\s"'=:@&?/]+/));
  return words.filter((word) => word.length >= minCharacters && !left.has(word));
}
