import type { Socket } from "node:net";
import { Cluster, type Redis } from "ioredis";
import type { RedisConnection } from "./connections.ts";

/**
 * Hands all commands of one turn of the event loop to the system at once. ioredis writes each command by itself, and a
 * system call for every one was the greatest part of a worker's time. Nothing waits longer than the turn: ioredis's own
 * `enableAutoPipelining` would hold commands back until the ones before are answered.
 */
export function coalesceWrites(connection: RedisConnection): void {
  if (connection instanceof Cluster) {
    connection.on("+node", coalesceWrites);
    return;
  }
  connection.on("connect", () => corkInTurns((connection as Redis).stream as Socket));
}

function corkInTurns(socket: Socket): void {
  const write = socket.write;
  const uncork = () => socket.uncork();
  socket.write = function corked(this: Socket, ...parameters: unknown[]) {
    if (socket.writableCorked === 0) {
      socket.cork();
      setImmediate(uncork);
    }
    return Reflect.apply(write, socket, parameters);
  } as Socket["write"];
}
