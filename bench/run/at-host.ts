import type { ServerEnd } from "../processes/protocol.ts";
import type { Remote } from "../processes/remote.ts";
import type { Verbs } from "../processes/protocol.ts";

type AnyRemote = Pick<Remote<Verbs>, "host">;

/** What a process has told of itself, with its host where there are several. */
export function atHost<T extends object>(
  { host }: AnyRemote,
  told: T,
): T & { readonly host?: string } {
  return host === undefined ? told : { ...told, host };
}

/** The same for the counts of a server. */
export function endAtHost(remote: AnyRemote, end: ServerEnd): ServerEnd {
  const [first, ...others] = end.resources;
  const resources = [atHost(remote, first), ...others.map((used) => atHost(remote, used))] as const;
  return { ...end, resources: [...resources] };
}
