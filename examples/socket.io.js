/*
 * An ordinary chat server with `socket.io`: rooms, and every message goes to everyone in its room, including the
 * sender. The hello of 0 is all it takes to make the server measurable (docs/wire-formats.md).
 *
 *   PORT=3000 node examples/socket.io.js
 *   npx transport-bench run --target http://127.0.0.1:3000 --transports socket.io
 */
import { createServer } from "node:http";
import { Server } from "socket.io";

const server = createServer();
const io = new Server(server, { maxHttpBufferSize: 16 * 1024 * 1024 });

io.on("connection", (socket) => {
  const room = `room ${socket.handshake.auth["channel"]}`;
  void socket.join(room);
  socket.emit("hello", 0);
  socket.on("m", (message, acknowledge) => {
    if (typeof acknowledge === "function") acknowledge();
    io.to(room).emit("m", message);
  });
});

server.listen(Number(process.env["PORT"] ?? 3000), process.env["HOST"] ?? "127.0.0.1", () => {
  const address = server.address();
  console.log(`listening on ${typeof address === "object" ? address?.port : address}`);
});
