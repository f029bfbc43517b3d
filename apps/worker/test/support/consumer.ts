import { randomBytes } from "node:crypto";
import { toTaskId } from "@hookline/contracts";
import {
  type BackoffPolicy,
  type Consumer,
  closeQueues,
  type JobContext,
  openQueues,
  type Processor,
  readJob,
  startConsumer,
  toBackoffOptions,
} from "@hookline/queue";
import { silentLogger } from "@hookline/runtime";
import { waitUntil } from "@hookline/testing";
import { openTestRedis } from "./test-redis.ts";

export type ConsumerFixture = ReturnType<typeof openConsumerFixture>;

/** The `tasks` queue with processors that the test makes up. */
export function openConsumerFixture() {
  const test = openTestRedis();
  const queues = openQueues(test.connect(), test.prefix, silentLogger);
  const consumers: Consumer[] = [];
  const outcomes: string[] = [];
  const task = (id: string) => readJob(queues.tasks, id);

  return {
    ...test,
    queues,
    outcomes,
    task,
    /** Starts a consumer whose digests are worked by `processor`. */
    consume(processor: Processor<"github.digest">, concurrency = 1): Consumer {
      const unexpected = () => Promise.reject(new Error("not expected here"));
      const consumer = startConsumer({
        open: queues.tasks,
        connection: test.connect(),
        prefix: test.prefix,
        concurrency,
        processors: {
          "github.digest": processor,
          "github.capture": unexpected,
          "message.send": unexpected,
          "message.deliver": unexpected,
        },
        keepCompleted: { age: 3600 },
        keepFailed: { age: 3600 },
        log: silentLogger,
        onOutcome: (_kind, outcome) => outcomes.push(outcome),
      });
      consumers.push(consumer);
      return consumer;
    },
    async add({
      name = "github.digest",
      payload = PAYLOAD as unknown,
      policy = "fixed" as BackoffPolicy,
      attempts = 3,
    } = {}) {
      const id = toTaskId(Date.now(), randomBytes(8).toString("hex"));
      await queues.tasks.queue.add(name, payload, { jobId: id, attempts, backoff: toBackoffOptions(policy, 100) });
      return id;
    },
    async until(id: string, state: string, timeoutMs = 10_000) {
      const isReached = async () => {
        const job = await task(id);
        return job?.state === state ? job : undefined;
      };
      return (await waitUntil(isReached, { what: `the job is ${state}`, timeoutMs })) as NonNullable<
        Awaited<ReturnType<typeof task>>
      >;
    },
    async stop() {
      await Promise.all(consumers.map((consumer) => consumer.drain(0)));
      await closeQueues(queues);
      await test.stop();
    },
  };
}

const PAYLOAD = { username: "octocat", repository: "hello-world", targets: ["default"] };

/** Ends only when the consumer interrupts it. */
export function untilInterrupted({ signal }: JobContext): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
