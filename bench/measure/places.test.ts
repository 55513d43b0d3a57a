import { expect, it } from "vitest";
import { Dialler } from "./dialler.ts";
import { Places } from "./places.ts";

const anywhere = (): Dialler => new Dialler("127.0.0.1", 1);

it("gives as many clients as asked for one place, and the next ones another", () => {
  const places = new Places(3, anywhere);
  const numbers = [6, 7, 8, 9].map((client) => places.take(client).number);
  expect(numbers).toEqual([2, 2, 2, 3]);
  expect(places.take(6).isShared).toBe(true);
});

it("gives each client a place of its own where none is to be shared", () => {
  const places = new Places(1, anywhere);
  expect([4, 5].map((client) => places.take(client).number)).toEqual([4, 5]);
  expect(places.take(6).isShared).toBe(false);
});

it("sends who comes back to the next server, together with those that share its place", async () => {
  const places = new Places(2, anywhere);
  const place = places.take(4);
  expect(place.server).toBe(2);
  await places.leave(place);
  const next = places.take(4, true);
  expect(next.server).toBe(3);
  expect(places.take(5, true)).toBe(next);
  await Promise.all([places.leave(next), places.leave(next)]);
  expect(places.take(5, true).server).toBe(4);
});

it("has a place anew once all its clients have left", async () => {
  const places = new Places(2, anywhere);
  const [place, second] = [places.take(0), places.take(1)];
  expect(second).toBe(place);
  await places.leave(place);
  expect(places.take(1)).toBe(place);
  await places.leave(place);
  await places.leave(place);
  expect(places.take(0)).not.toBe(place);
});
