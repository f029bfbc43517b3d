import type { Command } from "ioredis";
import type { RedisConnection } from "./connections.ts";

/** Between two looks at what is overdue. */
const EVERY_MS = 100;

interface Sent {
  readonly command: Command;
  /** A pipeline that a Cluster sends elsewhere gives its commands new ones; one rejected in between would stay open for ever. */
  readonly promise: unknown;
  readonly until: number;
}

/**
 * Rejects what is not answered within `timeoutMs` (and up to 100 ms more), also while it looks for its node: ioredis's
 * own `commandTimeout` runs only from when a node of a Cluster has the command, and anew for each. A process that was held
 * up reads what has arrived before it gives up on anything. One timer serves all commands.
 */
export function limitCommands(connection: RedisConnection, timeoutMs: number): void {
  const send = connection.sendCommand;
  let pending: Sent[] = [];
  let isWatching = false;
  const watch = () => {
    isWatching = true;
    setTimeout(() => setImmediate(look), EVERY_MS).unref();
  };
  const look = () => {
    const now = performance.now();
    pending = pending.filter(isOpen);
    for (const { command } of pending.filter(({ until }) => until <= now))
      command.reject(new Error("Command timed out"));
    pending = pending.filter(isOpen);
    isWatching = pending.length > 0;
    if (isWatching) watch();
  };
  const sendCommand = (command: Command, ...others: unknown[]): unknown => {
    pending.push({ command, promise: command.promise, until: performance.now() + timeoutMs });
    if (!isWatching) watch();
    return Reflect.apply(send, connection, [command, ...others]);
  };
  Object.assign(connection, { sendCommand });
}

function isOpen({ command, promise }: Sent): boolean {
  return !command.isSettled && command.promise === promise;
}
