import { expect, it } from "vitest";
import { haproxyConfiguration } from "./haproxy.ts";

const place = { host: "127.0.0.1", port: 20_000, folder: "/tmp/own" };
const servers = [
  { host: "127.0.0.1", port: 10_001 },
  { host: "127.0.0.2", port: 10_002 },
];

it("listens at its place, and passes on to each server, where clients find it again", () => {
  const text = haproxyConfiguration(place, { servers, reads: "http", connections: 500 });
  for (const line of [
    "mode http",
    "maxconn 500",
    "bind 127.0.0.1:20000 ",
    "balance roundrobin",
    "stick on src",
    "server s1 127.0.0.1:10001",
    "server s2 127.0.0.2:10002",
    "option http-no-delay",
    "timeout tunnel 24h",
    "stats socket /tmp/own/status ",
  ]) {
    expect(text).toContain(line);
  }
});

it("reads nothing of what it passes on as bytes", () => {
  const text = haproxyConfiguration(place, { servers, reads: "bytes", connections: 500 });
  expect(text).toContain("mode tcp");
  expect(text).not.toContain("http");
});
