// What Socket.IO makes of the same work: acknowledge a post, and deliver it to everybody in its room. Nothing is stored.
// Set up as its documentation recommends for one process: only WebSocket, native masking, no request kept.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";

import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false });
const rooms = new Map();

io.engine.on("connection", (raw) => {
  raw.request = null;
});

io.on("connection", (socket) => {
  const author = { role: "visitor", id: randomUUID(), name: "Coral Heron" };
  socket.on("join", (conversation, acknowledge) => {
    socket.join(conversation);
    rooms.set(conversation, { log: randomUUID(), seq: 0 });
    acknowledge({ conversation });
  });
  socket.on("post", ({ conversation, key, text }, acknowledge) => {
    const room = rooms.get(conversation);
    room.seq += 1;
    const { seq, log } = room;
    const at = new Date().toISOString();
    acknowledge({ conversation, log, seq, at, repeated: false });
    const event = { seq, id: randomUUID(), at, author, kind: "message_posted", text, offers: [], key };
    io.to(conversation).emit("event", { conversation, event });
  });
});

http.listen({ host: "127.0.0.1", port: 0, backlog: 2048 }, () => {
  console.log(`http://127.0.0.1:${http.address().port}/`);
});
