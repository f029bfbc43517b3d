import { type BasecampInbox, LARGEST_WEBHOOK_BODY, operations } from "@hookline/contracts";
import { createSecretFinder } from "@hookline/runtime";
import { toTraceFields } from "@hookline/telemetry";
import type { Request, RequestHandler, Response } from "express";
import type { Dependencies } from "../dependencies.ts";
import { type Arrival, acceptEvent } from "../events/accept.ts";
import { sources } from "../sources/registry.ts";
import type { Source } from "../sources/source.ts";
import { rawBody, readRawBody } from "./body.ts";
import type { Guard } from "./guesses.ts";
import { type Mount, requireRedis } from "./mount.ts";
import { ProblemError } from "./problem.ts";

/** Everything under it is asked for by machines, which are told by `errors` too that there is nothing. */
export const WEBHOOKS_PATH = "/webhooks";

/** Where something came in: what its token, which is a secret, belongs to. */
interface Inbox {
  readonly name: string;
  readonly targets: readonly string[];
}

type FindInbox = (request: Request) => Inbox;

/** `/webhooks`: what sources post. */
export function mountWebhooks(mount: Mount, deps: Dependencies, guard: Guard): void {
  const findInbox = createInboxFinder(deps.project.inboxes, guard);
  mount(
    operations.receiveBasecamp,
    (request, _response, next) => {
      findInbox(request);
      next();
    },
    ...readRawBody(operations.receiveBasecamp.body.types, LARGEST_WEBHOOK_BODY),
    requireRedis(deps),
    receive(deps, sources.basecamp, findInbox),
  );
}

/** For what is posted to no inbox at all. */
export const refuseUnknownWebhook: RequestHandler = () => {
  throw pageNotFound();
};

function createInboxFinder(inboxes: Readonly<Record<string, BasecampInbox>>, guard: Guard): FindInbox {
  const find = createSecretFinder(
    Object.entries(inboxes).map(([name, { token, deliver }]) => [token, { name, targets: deliver }]),
  );
  return (request) => {
    const inbox = guard(request, String(request.params.inboxToken), find);
    if (inbox === undefined) throw pageNotFound();
    return inbox;
  };
}

function receive(deps: Dependencies, source: Source, findInbox: FindInbox): RequestHandler {
  return async (request, response) => {
    const { name, targets } = findInbox(request);
    const received = source.receive({ inbox: name, body: rawBody(request) });
    switch (received.kind) {
      case "accepted": {
        const trace = deps.tracing.traceOf(request);
        const taskId = await accept(deps, { source: source.name, inbox: name, targets, event: received.event, trace });
        response.location(`/tasks/${taskId}`);
        return sendJson(response, 202, received.answer);
      }
      case "handshake":
        return sendJson(response, 200, received.answer);
      case "ignored":
        deps.log.info("event.ignored", { source: source.name, inbox: name, reason: received.reason });
        return void response.status(204).end();
      case "rejected":
        throw new ProblemError(received.problem, received);
    }
  };
}

async function accept(deps: Dependencies, arrival: Arrival): Promise<string> {
  const { source, inbox, event, trace } = arrival;
  const { taskId, isRepeat } = await acceptEvent(deps, arrival);
  const eventKind = event.document.event.kind;
  deps.metrics.countTask(isRepeat ? "duplicate" : "queued");
  deps.log.info("task.accepted", {
    id: taskId,
    isDuplicate: isRepeat,
    source,
    inbox,
    eventKind,
    ...toTraceFields(trace),
  });
  return taskId;
}

function sendJson(response: Response, status: number, text: string): void {
  response.status(status).type("application/json").send(text);
}

/** Says it the way the service did that took these webhooks before, too. */
function pageNotFound(): ProblemError {
  return new ProblemError("not_found", {
    detail: "there is no such webhook",
    errors: { detail: "Page not found" },
  });
}
