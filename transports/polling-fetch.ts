import { browserClients } from "./browser/in-page.ts";
import { fetchFailure, loadHttpClient } from "./http-client.ts";
import type { HttpClient, Outcomes } from "./http-client.ts";
import { isHttp2 } from "./layers.ts";
import type { Layers } from "./layers.ts";
import { connectPolling } from "./polling-client.ts";
import type { PollingOptions } from "./polling-client.ts";
import type { ClientHandlers, Connection, Target } from "./transport.ts";

/** Polls with `fetch`, as applications do. */
export async function connectFetchPolling(
  target: Target,
  handlers: ClientHandlers,
  options: PollingOptions,
): Promise<Connection> {
  const { fetch } = await import("./undici-web.ts");

  async function ask(
    { dispatcher, maxAnswerBytes }: HttpClient,
    { answered, failed }: Outcomes,
    path: string,
  ): Promise<void> {
    let received: string | null = null;
    const answer = async (): Promise<Parameters<Outcomes["answered"]>> => {
      const response = await fetch(new URL(path, target.url), {
        dispatcher,
        // Where it leads is not what is to be measured.
        redirect: "manual",
        // It would ask for any, and what is compressed can't be held against what isn't.
        headers: { "accept-encoding": options.coding },
      });
      const { status, headers } = response;
      received = `no more than status ${status}`;
      const body = Buffer.from(await response.arrayBuffer());
      return [status, (name) => headers.get(name) ?? undefined, body];
    };
    await answer().then(
      (whole) => answered(...whole),
      (error: unknown) => failed(fetchFailure(error, received !== null, maxAnswerBytes), received),
    );
  }

  return connectPolling(target, handlers, options, (client, outcomes) => (path) => {
    void ask(client, outcomes, path);
  });
}

/** Loads what a client of that name polls with. */
export async function preparePolling(
  client: string,
  _options: object,
  layers: Layers,
): Promise<void> {
  if (client in browserClients) return;
  await loadHttpClient(isHttp2(layers));
  if (client === "fetch") await import("./undici-web.ts");
}
