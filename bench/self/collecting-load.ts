// The harness's own load process, which in addition collects its garbage when it gets this signal: it
// has no verb for that, and memory is compared after a collection.
process.on("SIGUSR2", () => globalThis.gc?.());
await import("../processes/load.ts");
