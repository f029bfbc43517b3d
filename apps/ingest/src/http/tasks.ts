import type { IncomingMessage } from "node:http";
import {
  LARGEST_BATCH_BODY,
  LARGEST_TASK_BODY,
  operations,
  type Task,
  type TaskRequest,
  TaskRequestSchema,
  type TaskStatus,
  toTaskId,
} from "@hookline/contracts";
import { createValidator } from "@hookline/runtime";
import type { RequestHandler, Response } from "express";
import type { Dependencies } from "../dependencies.ts";
import { acceptTask, type Origin } from "../tasks/accept.ts";
import { toAcceptedTask } from "../tasks/accepted-task.ts";
import { type Controlled, cancelTask, retryTask, runTask } from "../tasks/control.ts";
import { findTask } from "../tasks/find.ts";
import { listTasks } from "../tasks/list.ts";
import type { Seed } from "../tasks/seed.ts";
import { acceptBatch } from "./batch.ts";
import { createQueryCheck, parsedBody, readBody, requireValid } from "./body.ts";
import { type Answer, onceByKey } from "./idempotency.ts";
import { type Mount, requireRedis } from "./mount.ts";
import { sendJson } from "./plain-handler.ts";
import { ProblemError } from "./problem.ts";

const validateRequest = createValidator<TaskRequest>(TaskRequestSchema);
const DEFAULT_LIMIT = 20;

/** `/tasks` and everything below it. */
export function mountTasks(mount: Mount, deps: Dependencies): void {
  const redis = requireRedis(deps);
  mount.direct(
    operations.createTask,
    ...readBody(operations.createTask.body.types, LARGEST_TASK_BODY),
    redis,
    async (request, response) => {
      const task = requireValid(validateRequest(parsedBody(request)));
      sendJson(response, await onceByKey(deps, request, (seed) => create(deps, task, toOrigin(deps, request, seed))));
    },
  );
  mount.direct(
    operations.createTasks,
    ...readBody(operations.createTasks.body.types, LARGEST_BATCH_BODY),
    redis,
    async (request, response) => {
      const [items, trace] = [parsedBody(request), deps.tracing.traceOf(request)];
      const accept = (seed: Seed) => acceptBatch(deps, validateRequest, { items, seed, trace });
      sendJson(response, await onceByKey(deps, request, accept));
    },
  );
  mount(operations.listTasks, redis, list(deps));
  mount(operations.getTask, redis, async (request, response) => {
    const task = await findTask(deps, String(request.params.id));
    if (task === undefined) throw notFound();
    response.json(task);
  });
  mount(
    operations.cancelTask,
    redis,
    control(deps, cancelTask, (response) => response.status(204).end()),
  );
  mount(operations.runTask, redis, control(deps, runTask, accepted));
  mount(operations.retryTask, redis, control(deps, retryTask, accepted));
}

function toOrigin({ tracing }: Dependencies, request: IncomingMessage, { at, random }: Seed): Origin {
  return { id: toTaskId(at, random), trace: tracing.traceOf(request) };
}

async function create(deps: Dependencies, request: TaskRequest, origin: Origin): Promise<Answer> {
  const acceptance = await acceptTask(deps, request, origin);
  if (acceptance.isRefused) throw new ProblemError(acceptance.problem, acceptance);
  const body = await toAcceptedTask(deps, acceptance);
  return { status: 202, headers: { location: `/tasks/${body.id}` }, body };
}

function list(deps: Dependencies): RequestHandler {
  const check = createQueryCheck<{ limit?: string; status?: TaskStatus }>(operations.listTasks);
  return async (request, response) => {
    const { limit, ...filter } = check(request.query);
    response.json(await listTasks(deps, { ...filter, limit: limit === undefined ? DEFAULT_LIMIT : Number(limit) }));
  };
}

function control(
  deps: Dependencies,
  change: (deps: Dependencies, id: string) => Promise<Controlled>,
  answer: (response: Response, task: Task) => void,
): RequestHandler {
  return async (request, response) => {
    const controlled = await change(deps, String(request.params.id));
    switch (controlled.result) {
      case "done":
        return answer(response, controlled.task);
      case "not_found":
        throw notFound();
      case "wrong_state":
        throw new ProblemError("conflict", { detail: `the task is ${controlled.task.status}` });
    }
  };
}

function accepted(response: Response, task: Task): void {
  response.status(202).location(`/tasks/${task.id}`).json(task);
}

function notFound(): ProblemError {
  return new ProblemError("not_found", { detail: "there is no such task, or it was cleared away" });
}
