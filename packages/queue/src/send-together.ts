import { Redis } from "ioredis";
import type { RedisConnection } from "./connections.ts";

const gathering = new WeakSet<object>();

/**
 * Sends what is asked of Redis in this turn of the event loop in one write: under load many requests arrive in one
 * turn, and a write to the socket costs more than a command. Each command keeps its own answer and time-out, which it
 * would not in a pipeline. A Cluster's commands, which go to one connection or another, are sent as they come.
 */
export function sendTogether(connection: RedisConnection): void {
  if (!(connection instanceof Redis) || connection.status !== "ready") return;
  const { stream } = connection;
  if (gathering.has(stream)) return;
  gathering.add(stream);
  stream.cork();
  setImmediate(() => {
    gathering.delete(stream);
    stream.uncork();
  });
}
