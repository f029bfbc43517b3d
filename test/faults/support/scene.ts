import { fileURLToPath } from "node:url";
import { type Stack, type StackOptions, startStack } from "../../e2e/support/stack.ts";

/** Where the Redis that tests start is unpacked, once for all. */
export const REDIS_DIRECTORY = fileURLToPath(new URL("../../../.hookline", import.meta.url));
export const PAIR = { username: "octocat", repository: "hello-world" } as const;

/** Ingest, workers and one known repository; anybody with the key may name targets on this machine. */
export async function startScene(options: StackOptions = {}): Promise<Stack> {
  const env = {
    API_KEYS: "fault-test-api-key",
    TARGET_ALLOWED_NETWORKS: "127.0.0.0/8",
    WORKER_CONCURRENCY: "10",
    LOG_LEVEL: "info",
    ...options.env,
  };
  const stack = await startStack({ ...options, env });
  stack.github.addRepository({ owner: PAIR.username, name: PAIR.repository });
  return stack;
}

export interface Load {
  /** Ids of the tasks that were answered 202. */
  readonly accepted: Set<string>;
  /** Posts one task, to a path of its own so that it is no duplicate, and returns the answer's status (0: none came). */
  post(options?: { scheduleInterval?: number }): Promise<number>;
  /** Posts until so many more are accepted, a few at a time. */
  postMany(count: number, toInterval?: (index: number) => number): Promise<void>;
}

/** Connections at once: more would measure this machine. */
const CLIENTS = 20;

/** Posts tasks and remembers what was promised. */
export function createLoad(stack: Stack): Load {
  const accepted = new Set<string>();
  let last = 0;
  const post: Load["post"] = async ({ scheduleInterval = 0 } = {}) => {
    last += 1;
    const targets = [{ kind: "webhook", url: `${stack.receiver.url}/${last}` }];
    try {
      const { status, body } = await stack.request("POST", "/tasks", { ...PAIR, scheduleInterval, targets });
      if (status === 202) accepted.add(String(body.id));
      return status;
    } catch {
      // A connection that breaks off promised nothing.
      return 0;
    }
  };
  const postMany: Load["postMany"] = async (count, toInterval = () => 0) => {
    let next = 0;
    const client = async () => {
      while (next < count) {
        const scheduleInterval = toInterval(next++);
        while ((await post({ scheduleInterval })) !== 202);
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
  };
  return { accepted, post, postMany };
}

/** Posts one after the other, with a breath between them, until it is told to stop. */
export function keepPosting(
  load: Load,
  { everyMs, scheduleInterval = 0 }: { everyMs: number; scheduleInterval?: number },
) {
  const statuses: { readonly status: number; readonly ms: number }[] = [];
  const posting = new Set<Promise<void>>();
  const timer = setInterval(() => {
    const startedAt = performance.now();
    const posted = load.post({ scheduleInterval }).then((status) => {
      statuses.push({ status, ms: performance.now() - startedAt });
      posting.delete(posted);
    });
    posting.add(posted);
  }, everyMs);
  // A test that fails does not stop it.
  timer.unref();
  return {
    /** What was answered so far, and in how many ms. */
    statuses,
    async stop(): Promise<void> {
      clearInterval(timer);
      await Promise.all(posting);
    },
  };
}
