import * as z from "zod";
import type { BusName } from "../../transports/bus-names.ts";
import { usageError } from "../errors/errors.ts";
import { withoutSecrets } from "../errors/secrets.ts";
import type { Settings } from "./config.ts";
import { namedError } from "./naming.ts";
import type { Naming } from "./naming.ts";
import { admittedAddresses } from "./target.ts";

/** A broker of the user's own, in the place of one that is started for each trial. */
export interface UserBroker {
  /** With user and password, and with the address that its host resolved to, once. */
  readonly url: string;
  readonly port: number;
  /** Whom its certificate has to name; null without TLS. */
  readonly tlsName: string | null;
  /** As the user wrote it, without secrets. */
  readonly shown: string;
}

/** The settings that name one, the buses that it is for, and the port that is meant without one. */
const brokers = {
  redis: { buses: ["redis", "redis-streams"], port: 6379, overTls: "rediss" },
  nats: { buses: ["nats"], port: 4222, overTls: "tls" },
} as const satisfies Record<
  string,
  { readonly buses: readonly BusName[]; readonly port: number; readonly overTls: string }
>;

type BrokerSetting = keyof typeof brokers;

export const brokerSettings = {
  redis: z.string({ error: "redis://host:port, or rediss:// over TLS" }),
  nats: z.string({ error: "nats://host:port, or tls://" }),
};

/** The user's own broker, as settings name it; null where they don't. Looks names up, and connects to nothing. */
export async function brokerOf(
  settings: Pick<Settings, "bus" | "redis" | "nats">,
  allowTargets: readonly string[],
  naming: Naming,
): Promise<UserBroker | null> {
  let found: UserBroker | null = null;
  for (const key of ["redis", "nats"] as const) {
    const text = settings[key];
    if (text === undefined) continue;
    const { buses } = brokers[key];
    const { bus = "none" } = settings;
    if (!buses.some((name) => name === bus)) {
      const wanted = buses.map((name) => `${naming("bus")} ${name}`).join(" or ");
      throw usageError(`${naming(key)} has no effect without ${wanted}`);
    }
    try {
      found = await admittedBroker(key, text, allowTargets);
    } catch (error) {
      throw namedError(error, naming(key));
    }
  }
  return found;
}

async function admittedBroker(
  key: BrokerSetting,
  text: string,
  allowTargets: readonly string[],
): Promise<UserBroker> {
  const url = URL.canParse(text) ? new URL(text) : null;
  const shown = withoutSecrets(text);
  const { overTls } = brokers[key];
  const scheme = [key, overTls].find((one) => url?.protocol === `${one}:`);
  if (url === null || scheme === undefined || url.hostname === "" || !isPlain(url, key)) {
    const path = key === "redis" ? "[/database]" : "";
    throw usageError(
      `"${shown}" is not ${key}://[user:password@]host[:port]${path}, or ${overTls}:// over TLS`,
    );
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const [address = host] = await admittedAddresses(host, allowTargets);
  const port = Number(url.port || brokers[key].port);
  const { username, password, pathname } = url;
  const login = username === "" && password === "" ? "" : `${username}:${password}@`;
  const at = address.includes(":") ? `[${address}]` : address;
  return {
    url: `${scheme}://${login}${at}:${port}${pathname}`,
    port,
    tlsName: scheme === overTls ? host : null,
    shown,
  };
}

function isPlain({ pathname, search, hash }: URL, key: BrokerSetting): boolean {
  const isPath = key === "redis" ? /^(\/\d*)?$/.test(pathname) : /^\/?$/.test(pathname);
  return isPath && search === "" && hash === "";
}
