import { expect, it } from "vitest";
import { nginx, nginxConfiguration } from "./nginx.ts";

const place = { host: "127.0.0.1", port: 20_000, folder: "/tmp/own" };
const servers = [
  { host: "127.0.0.1", port: 10_001 },
  { host: "127.0.0.2", port: 10_002 },
];
const text = nginxConfiguration(place, { servers, reads: "http", connections: 500 });

it("listens at its place, and passes on to each server", () => {
  expect(text).toContain("listen 127.0.0.1:20000 ");
  expect(text).toMatch(/server 127\.0\.0\.1:10001 .*;\n\s+server 127\.0\.0\.2:10002 /);
  expect(text).toContain("worker_connections 1000;");
});

it("has polls find their server, upgrades connections, and holds nothing back", () => {
  for (const line of [
    "ip_hash;",
    "proxy_http_version 1.1;",
    "proxy_set_header Upgrade $http_upgrade;",
    "proxy_set_header Connection $connection_upgrade;",
    "proxy_buffering off;",
    "proxy_read_timeout 24h;",
    "keepalive 64;",
  ]) {
    expect(text).toContain(line);
  }
});

it("keeps all that it writes in its folder, and writes no log", () => {
  for (const line of [
    "pid nginx.pid;",
    "lock_file nginx.lock;",
    "access_log off;",
    "daemon off;",
  ]) {
    expect(text).toContain(line);
  }
  for (const name of ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]) {
    expect(text).toContain(`${name}_temp_path ${name};`);
  }
  expect(text).toContain("listen unix:/tmp/own/status;");
  expect(text).not.toContain("/var/");
});

it("isn't started for what it can't read, or for nothing", () => {
  expect(() => nginxConfiguration(place, { servers, reads: "bytes", connections: 1 })).toThrow(
    "reads HTTP",
  );
  expect(() => nginx.filesFor?.(place, {})).toThrow("what stands behind it");
});
