/**
 * The least that takes `POST /tasks` and queues something: Express's JSON parser and BullMQ's `add`. A baseline.
 * Environment: REDIS_URL, PREFIX, PORT. Prints `ready` when it listens.
 */
import { Queue } from "bullmq";
import express from "express";
import { Redis } from "ioredis";

const { REDIS_URL = "", PREFIX = "", PORT = "" } = process.env;
const connection = new Redis(REDIS_URL, { maxRetriesPerRequest: null });
const queue = new Queue("minimal", { connection, prefix: PREFIX });
const app = express();
app.use(express.json());
app.post("/tasks", async (request, response) => {
  const { id } = await queue.add("post", request.body);
  response.status(202).json({ id });
});
const server = app.listen(Number(PORT), "127.0.0.1", () => console.log("ready"));

process.once("SIGTERM", async () => {
  server.close();
  server.closeAllConnections();
  await queue.close();
  connection.disconnect();
});
