// A file of its own, since a bundler gives names to what is imported here, and none to what `import()` brings.
export { EventSource, WebSocket, fetch } from "undici";
