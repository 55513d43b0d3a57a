import { Socket } from "node:net";
import { expect, it } from "vitest";
import { AddressCounts } from "./address-counts.ts";

/** Before they are connected, sockets have no address, and so the same. */
const address = "";

it("counts the connections of an address until they close", () => {
  const counts = new AddressCounts(2);
  const sockets = [new Socket(), new Socket(), new Socket()];
  for (const socket of sockets) expect(counts.take(socket)).toBe(true);
  expect(counts.of(address)).toBe(3);
  for (const socket of sockets) socket.emit("close");
  expect(counts.of(address)).toBe(0);
  expect(counts.of("192.0.2.7")).toBe(0);
});

it("takes only so many connections beyond the limit, to tell them of it", () => {
  const counts = new AddressCounts(2);
  const [first = new Socket()] = Array.from({ length: 102 }, () => {
    const socket = new Socket();
    expect(counts.take(socket)).toBe(true);
    return socket;
  });
  expect(counts.take(new Socket())).toBe(false);
  first.emit("close");
  expect(counts.take(new Socket())).toBe(true);
});
