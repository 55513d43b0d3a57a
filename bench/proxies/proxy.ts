import type { ProxyFaultKind } from "../../scenarios/proxy-faults.ts";

/**
 * A program that others wrote and that stands between clients and servers, as plain data. In templates, `{{name}}` stands
 * for a value of `templateNames`.
 */
export interface Proxy {
  /** As it is named in `--proxies`. */
  readonly name: string;
  /** Its name in sentences; `name` when left out. */
  readonly title?: string;
  /** The file that is started, looked for on PATH; `name` when left out. A variable such as NGINX_PATH names another one. */
  readonly command?: string;
  readonly debianPackage: string;
  /** How it tells its version: arguments, and the regular expression whose first group finds it in what is printed. */
  readonly version: { readonly arguments: readonly string[]; readonly pattern: string };
  /** Arguments with which it stays in the foreground; templates. */
  readonly arguments: readonly string[];
  /** Variables that it needs beside those of the harness; templates by name. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The file that the arguments name as its configuration, in its folder; a configuration's text is written to it. */
  readonly file: string;
  /** Other files that it needs in its folder, whatever its configuration; templates by name. */
  readonly files?: Readonly<Record<string, string>>;
  /**
   * How its configuration says where it listens: for clients without TLS, and for those with it, to whom it offers
   * HTTP/2, too, if it speaks that. Templates, one of which stands for `{{listen}}`.
   */
  readonly listen: {
    readonly plain: string;
    /** Null where it doesn't speak TLS. */
    readonly tls: string | null;
    /** Whether clients with TLS can choose HTTP/2. */
    readonly http2: boolean;
  };
  /** As the distribution has it with the least that makes it pass requests on; and with all that its documentation advises for streams. */
  readonly configurations: Readonly<Record<"default" | "corrected", ProxyConfiguration>> &
    Readonly<Record<string, ProxyConfiguration>>;
  /**
   * How a running one is made to read its configuration again, as its administrator does: by a signal, or by a command,
   * which is `command` when left out, with these arguments; templates.
   */
  readonly reload:
    | { readonly signal: NodeJS.Signals }
    | { readonly command?: string; readonly arguments: readonly string[] }
    | { readonly impossible: string };
  /** By which it ends soonest, whoever is connected: SIGTERM when left out. */
  readonly endSignal?: NodeJS.Signals;
  /** Files outside its folder that it leaves when it is killed, which the harness may have been, too; templates. */
  readonly leaves?: readonly string[];
  /**
   * `reverse` (the default): clients take it for the server. `forward`: clients are told of it, and name the server in
   * each request, but for what is upgraded and TLS, which goes through a tunnel that they ask for by CONNECT, as browsers
   * do; `tunnel`: all does.
   */
  readonly kind?: "reverse" | "forward" | "tunnel";
}

export interface ProxyConfiguration {
  /** In a few words: `Debian's nginx.conf, with a location that passes on`. */
  readonly about: string;
  /** A template. */
  readonly text: string;
  /** What can be said by arguments only, beside those of the proxy; templates. */
  readonly arguments?: readonly string[];
  /** What it changes in the default one, each with the faults that its documentation says this cures. */
  readonly changes?: readonly {
    readonly setting: string;
    readonly cures: readonly ProxyFaultKind[];
    /** Where the documentation says so. */
    readonly source: string;
  }[];
  /** What its documentation says of this configuration: whatever is found is compared with it. */
  readonly documented?: readonly {
    readonly faults: readonly ProxyFaultKind[];
    readonly says: string;
    readonly source: string;
  }[];
}

/** What is known when files are written. */
export const templateNames = [
  // Where it listens.
  "host",
  "port",
  /** `Proxy.listen`, filled in. */
  "listen",
  // What it passes on to.
  "serverHost",
  "serverPort",
  /** Its own, for all that it writes. */
  "folder",
  /** Who runs it. */
  "user",
  // Files of PEM: the certificate, its key, and both in one.
  "certificate",
  "key",
  "certificateAndKey",
] as const;

export type TemplateValues = Readonly<Record<(typeof templateNames)[number], string>>;
