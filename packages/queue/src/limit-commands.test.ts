import { afterEach, beforeEach, expect, it, jest } from "@jest/globals";
import { Command, Redis } from "ioredis";
import { limitCommands } from "./limit-commands.ts";

const TIMEOUT_MS = 900;
const TIMED_OUT = "Command timed out";

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function createCommand(connection: Redis): { command: Command; outcome: { error?: string } } {
  const command = new Command("exists", ["key"]);
  const outcome: { error?: string } = {};
  const note = (error: Error) => Object.assign(outcome, { error: error.message });
  connection.sendCommand(command);
  command.promise.catch(note);
  return { command, outcome };
}

/** Sends nothing, so that nothing is ever answered. */
function createConnection(): Redis {
  const connection = Object.assign(new Redis({ lazyConnect: true }), { sendCommand: () => undefined });
  limitCommands(connection, TIMEOUT_MS);
  return connection;
}

it("a command that nobody answers fails within a second", async () => {
  const { outcome } = createCommand(createConnection());
  await jest.advanceTimersByTimeAsync(TIMEOUT_MS - 100);
  expect(outcome).toEqual({});
  await jest.advanceTimersByTimeAsync(200);
  expect(outcome).toEqual({ error: TIMED_OUT });
});

it("a command that a pipeline is about to send elsewhere is not failed (the pipeline never ended)", async () => {
  const connection = createConnection();
  const { command } = createCommand(connection);
  command.reject(new Error("Connection is closed."));
  // What ioredis's Pipeline does; it is private to ioredis.
  Reflect.apply(Reflect.get(command, "initPromise"), command, []);
  await jest.advanceTimersByTimeAsync(2 * TIMEOUT_MS);
  expect(command.isSettled).toBe(false);
  connection.sendCommand(command);
  const failed = expect(command.promise).rejects.toThrow(TIMED_OUT);
  await jest.advanceTimersByTimeAsync(TIMEOUT_MS + 200);
  await failed;
});
