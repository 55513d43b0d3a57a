/*
 * An ordinary chat server with `ws`: rooms by name, and every message goes to everyone in its room, including
 * the sender. The hello of 0 is all it takes to make the server measurable (docs/wire-formats.md).
 *
 *   PORT=3000 node examples/ws.js
 *   npx transport-bench run --target http://127.0.0.1:3000 --transports websocket
 */
import { createServer } from "node:http";
import { WebSocket, WebSocketServer } from "ws";

/** @type {Map<string, Set<WebSocket>>} */
const rooms = new Map();

const server = createServer((_request, response) => {
  response.writeHead(426, { Upgrade: "websocket" }).end("This server speaks WebSocket.\n");
});

const sockets = new WebSocketServer({ noServer: true, maxPayload: 8 * 1024 * 1024 });

server.on("upgrade", (request, socket, head) => {
  socket.on("error", ignored);
  const room = /^\/ws\/([\w-]{1,64})(\?|$)/.exec(request.url ?? "")?.[1];
  if (room === undefined) {
    socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    return;
  }
  sockets.handleUpgrade(request, socket, head, (client) => join(client, room));
});

// A client that disconnects abruptly: "close" follows. Without a listener, the error would end the process.
const ignored = () => {};

/** @param {WebSocket} client @param {string} room */
function join(client, room) {
  const members = rooms.get(room) ?? new Set();
  rooms.set(room, members.add(client));
  client.send("0");
  client.on("message", (data, isBinary) => {
    for (const member of members) {
      if (member.readyState === WebSocket.OPEN) member.send(data, { binary: isBinary });
    }
  });
  client.on("error", ignored);
  client.on("close", () => {
    members.delete(client);
    if (members.size === 0) rooms.delete(room);
  });
}

server.listen(Number(process.env["PORT"] ?? 3000), process.env["HOST"] ?? "127.0.0.1", () => {
  const address = server.address();
  console.log(`listening on ${typeof address === "object" ? address?.port : address}`);
});
