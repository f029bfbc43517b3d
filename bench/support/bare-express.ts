/**
 * What ingest is measured beside: Express with its own JSON parser that answers 202 and does nothing else. With
 * REDIS_URL set it is the third contender, a handler that only adds a job.
 */
import { Queue } from "bullmq";
import express, { type RequestHandler } from "express";

const redisUrl = process.env.REDIS_URL;
const app = express();
app.post("/tasks", express.json(), redisUrl === undefined ? answer() : addJob(redisUrl));
app.listen(Number(process.env.PORT), "127.0.0.1");

function answer(): RequestHandler {
  return (_request, response) => void response.status(202).json({ ok: "task successfully scheduled" });
}

function addJob(url: string): RequestHandler {
  const queue = new Queue("tasks", { connection: { url }, prefix: process.env.QUEUE_PREFIX ?? "bull" });
  return async (request, response) => {
    const { id } = await queue.add("task", request.body, { delay: 3_600_000, attempts: 4 });
    response.status(202).json({ ok: "task successfully scheduled", id });
  };
}
