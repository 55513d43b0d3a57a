import type { LogOptions } from "./channels.ts";
import { packageUrl } from "./optional-packages.ts";

export interface SocketIoOptions extends LogOptions {
  transports: "upgrade" | "websocket" | "polling";
  heartbeatMs: number;
  agent: "keep-alive" | "none";
  ack: boolean;
  msgpack: boolean;
  recovery: boolean;
  slow: "close" | "buffer";
}

/** The path that Socket.IO has by itself. */
export const path = "/socket.io/";

type Parser = typeof import("socket.io-msgpack-parser");

let serverModule: typeof import("socket.io") | undefined;
let clientModule: typeof import("socket.io-client") | undefined;
let parserModule: { readonly default: Parser } | undefined;

export function packagesFor({ msgpack }: SocketIoOptions): string[] {
  return ["socket.io", "socket.io-client", ...(msgpack ? ["socket.io-msgpack-parser"] : [])];
}

export async function loadServerPackage(options: SocketIoOptions): Promise<void> {
  serverModule ??= await import(packageUrl("socket.io"));
  await loadParser(options);
}

export async function loadClientPackage(options: SocketIoOptions): Promise<void> {
  clientModule ??= await import(packageUrl("socket.io-client"));
  await loadParser(options);
}

async function loadParser({ msgpack }: SocketIoOptions): Promise<void> {
  if (msgpack) parserModule ??= await import(packageUrl("socket.io-msgpack-parser"));
}

export function serverPackage(): typeof import("socket.io") {
  return loaded(serverModule);
}

export function clientPackage(): typeof import("socket.io-client") {
  return loaded(clientModule);
}

/** The parser to give to either end; none for Socket.IO's own. */
export function parserOption({ msgpack }: SocketIoOptions): { readonly parser?: Parser } {
  return msgpack ? { parser: loaded(parserModule).default } : {};
}

function loaded<Module>(module: Module | undefined): Module {
  if (module === undefined) throw new Error("a package of Socket.IO is used before it is loaded");
  return module;
}
