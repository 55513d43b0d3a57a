import { expect, it } from "vitest";
import { brokerOf } from "./broker-settings.ts";
import { asFlag } from "./naming.ts";

const of = (settings: Parameters<typeof brokerOf>[0], allowed: string[] = []) =>
  brokerOf(settings, allowed, asFlag);

it("is none where nobody names one", async () => {
  expect(await of({ bus: "redis" })).toBeNull();
});

it("has the usual port, and hides what is secret", async () => {
  expect(await of({ bus: "redis-streams", redis: "redis://me:secret@127.0.0.1/3" })).toEqual({
    url: "redis://me:secret@127.0.0.1:6379/3",
    port: 6379,
    tlsName: null,
    shown: "redis://***@127.0.0.1/3",
  });
  expect(await of({ bus: "nats", nats: "nats://[::1]" })).toMatchObject({
    url: "nats://[::1]:4222",
  });
});

it("may be over TLS, by the name that its certificate has", async () => {
  const found = await of({ bus: "redis", redis: "rediss://:secret@localhost:7000" });
  expect(found).toMatchObject({
    port: 7000,
    tlsName: "localhost",
    shown: "rediss://***@localhost:7000",
  });
  expect(found?.url).toMatch(/^rediss:\/\/:secret@(127\.0\.0\.1|\[::1\]):7000$/);
  expect(await of({ bus: "nats", nats: "tls://127.0.0.1" })).toMatchObject({
    url: "tls://127.0.0.1:4222",
    tlsName: "127.0.0.1",
  });
});

it.each([
  [
    { redis: "redis://127.0.0.1" },
    "--redis has no effect without --bus redis or --bus redis-streams",
  ],
  [{ bus: "redis", nats: "nats://127.0.0.1" }, "--nats has no effect without --bus nats"],
  [
    { bus: "redis", redis: "http://u:secret@127.0.0.1" },
    '--redis: "http://***@127.0.0.1" is not redis://[user:password@]host[:port][/database], or rediss:// over TLS',
  ],
  [{ bus: "nats", nats: "nats://127.0.0.1/1" }, "is not nats://[user:password@]host[:port]"],
  [{ bus: "redis", redis: "tls://127.0.0.1" }, "is not redis://"],
  [{ bus: "redis", redis: "redis://127.0.0.1?db=1" }, "is not redis://"],
  [{ bus: "redis", redis: "redis://192.0.2.1" }, "192.0.2.1 is not this machine"],
] as const)("is refused: %j", async (settings, why) => {
  await expect(of(settings)).rejects.toThrow(why);
});

it("may be another machine that the config file allows", async () => {
  const settings = { bus: "redis", redis: "redis://192.0.2.1:7000" } as const;
  expect(await of(settings, ["192.0.2.1"])).toMatchObject({ url: "redis://192.0.2.1:7000" });
});
