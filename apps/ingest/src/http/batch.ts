import { type BatchResult, LARGEST_BATCH, type TaskRequest, toTaskId } from "@hookline/contracts";
import type { InputError, TraceContext, Validator } from "@hookline/runtime";
import type { Dependencies } from "../dependencies.ts";
import { type Acceptance, acceptTask, type Origin } from "../tasks/accept.ts";
import { toAcceptedTask } from "../tasks/accepted-task.ts";
import type { Refusal } from "../tasks/refusal.ts";
import type { Seed } from "../tasks/seed.ts";
import { BROKEN_LINE } from "./body.ts";
import type { Answer } from "./idempotency.ts";
import { ProblemError } from "./problem.ts";

/** What was posted, and what its tasks get their ids and their trace from. */
export interface Batch {
  readonly items: unknown;
  readonly seed: Seed;
  readonly trace: TraceContext | undefined;
}

/** Items queued at once: a larger pipeline would keep other requests' commands waiting. */
const AT_ONCE = 100;

/**
 * Queues every good item of a batch and lists the bad ones. Each item's id follows from the seed and its index, so
 * that a repeated batch queues nothing twice.
 *
 * @throws ProblemError when the whole is no list of 1 to 1,000 items, or every item is past the waiting limit.
 */
export async function acceptBatch(deps: Dependencies, validate: Validator<TaskRequest>, batch: Batch): Promise<Answer> {
  const { seed, trace } = batch;
  const items = requireItems(batch.items);
  const outcomes: Acceptance[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) {
    const chunk = items.slice(start, start + AT_ONCE);
    outcomes.push(
      ...(await Promise.all(
        chunk.map((item, offset) =>
          acceptItem(deps, validate, item, { id: toTaskId(seed.at, seed.random, start + offset), trace }),
        ),
      )),
    );
  }
  requireAny(outcomes);
  return { status: 202, headers: {}, body: await toBatchResult(deps, outcomes) };
}

function requireItems(body: unknown): readonly unknown[] {
  const message = `the body must be a list of 1 to ${LARGEST_BATCH} task requests`;
  if (!Array.isArray(body) || body.length === 0 || body.length > LARGEST_BATCH) {
    throw new ProblemError("invalid_request", { detail: message, errors: [{ pointer: "", message }] });
  }
  return body;
}

async function acceptItem(
  deps: Dependencies,
  validate: Validator<TaskRequest>,
  item: unknown,
  origin: Origin,
): Promise<Acceptance> {
  if (item === BROKEN_LINE) return refuse([{ pointer: "", message: "is not valid JSON" }]);
  const validation = validate(item);
  return validation.isValid ? acceptTask(deps, validation.value, origin) : refuse(validation.errors);
}

function refuse(errors: readonly InputError[]): Refusal {
  return { isRefused: true, problem: "invalid_request", detail: "the item is invalid", errors };
}

function requireAny(outcomes: readonly Acceptance[]): void {
  const [first] = outcomes;
  const isPastLimit = (outcome: Acceptance) => outcome.isRefused && outcome.problem === "too_many_tasks";
  if (first?.isRefused && outcomes.every(isPastLimit)) throw new ProblemError("too_many_tasks", first);
}

async function toBatchResult(deps: Dependencies, outcomes: readonly Acceptance[]): Promise<BatchResult> {
  const indexed = outcomes.map((outcome, index) => ({ outcome, index }));
  const rejected = indexed.flatMap(({ outcome, index }) =>
    outcome.isRefused ? [{ index, errors: toErrors(outcome) }] : [],
  );
  const tasks = await Promise.all(
    indexed.flatMap(({ outcome, index }) =>
      outcome.isRefused ? [] : [toAcceptedTask(deps, outcome).then((task) => ({ index, ...task }))],
    ),
  );
  const duplicates = tasks.filter(({ duplicate }) => duplicate).length;
  return { accepted: tasks.length - duplicates, duplicates, rejected, tasks };
}

function toErrors({ errors, detail }: Refusal): InputError[] {
  return [...(errors ?? [{ pointer: "", message: detail }])];
}
