import { describe, expect, it } from "vitest";
import { fileURLToPath } from "node:url";
import { resolveConfig } from "./config.ts";
import type { Settings } from "./config.ts";
import { asFlag } from "./naming.ts";
import { targetOf } from "./target-settings.ts";

const request = fileURLToPath(new URL("../../examples/llm-endpoint/request.json", import.meta.url));
const target = ["http://127.0.0.1:3000/v1/chat?key=secret77"];
const openai = ["openai"];

async function config(settings: Settings): Promise<ReturnType<typeof resolveConfig>> {
  return resolveConfig(settings, asFlag, 1, await targetOf(settings, { allowTargets: [] }, asFlag));
}

describe("an endpoint that is asked as it is", () => {
  it("has a path and a request, and a scenario of its own where none is named", async () => {
    const { target: found, ...resolved } = await config({ target, request, transports: openai });
    expect(found).toMatchObject({ url: "http://127.0.0.1:3000", path: "/v1/chat?key=secret77" });
    expect(found?.request?.bytes).toBeGreaterThan(100);
    expect(resolved.scenarios.map(({ name }) => name)).toEqual(["endpoint"]);
    const plain = { target: ["http://127.0.0.1:3000"], request, scenarios: ["endpoint"] };
    expect((await config(plain)).variants.map(({ name }) => name)).toEqual(openai);
  });

  it.each<[Settings, string]>([
    [
      { transports: ["sse"], target: ["http://127.0.0.1:1/x?key=secret77"] },
      "--transports: sse: http://127.0.0.1:1 has a path, and is not http://host:port",
    ],
    [
      { transports: ["sse"], target: ["http://127.0.0.1:1"], request },
      "--transports: sse: --request is for endpoints that are asked as they are",
    ],
    [
      { transports: openai, target },
      "--transports: openai: asks with a body of yours; name its file",
    ],
    [
      { transports: openai, target: [...target, "http://127.0.0.1:3001/v1"], request },
      "--transports: openai: asks one endpoint; name one",
    ],
    [
      { scenarios: ["latency"], transports: openai, target, request },
      "--scenarios: latency has messages that are due at a time, and openai asks an endpoint that decides so itself; name endpoint",
    ],
    [
      { scenarios: ["endpoint"], transports: ["sse"] },
      "--transports: endpoint asks an endpoint of yours as it is, and sse has messages of the harness's; name openai",
    ],
    [
      { transports: openai, target, request, payload: 100 },
      "--payload has no effect with openai, which sends your --request",
    ],
    [{ request }, "--request has no effect without --target"],
    [
      { target: ["http://me:secret77@127.0.0.1:1/x"], request, transports: openai },
      "--target: a URL with a user or password isn't taken",
    ],
    [
      { target: ["http://192.0.2.1/x?key=secret77"], request, transports: openai },
      "--target: 192.0.2.1 is not this machine",
    ],
    [
      { target: ["https://127.0.0.1:1/x"], request, transports: openai },
      "--transports: openai: https://127.0.0.1:1 is over TLS; name it openai+tls",
    ],
    [
      { target, request, transports: ["openai+batch=20ms"] },
      "--transports: openai+batch=20ms: what the server sends as one is its own affair",
    ],
  ])("can't be asked by %j", async (settings, message) => {
    await expect(config(settings)).rejects.toThrow(message);
    await expect(config(settings)).rejects.not.toThrow("secret77");
  });

  it("has fields whose variables are set", async () => {
    const headers = { authorization: "Bearer ${NOBODY_SETS_THIS}" };
    const sections = { allowTargets: [], headers };
    await expect(targetOf({ target, request }, sections, asFlag)).rejects.toThrow(
      "--headers: the variable NOBODY_SETS_THIS isn't set",
    );
  });
});
