import type { IncomingMessage } from "node:http";
import { DAY_MS, sha256, toBearerKey } from "@hookline/runtime";
import type { Dependencies } from "../dependencies.ts";
import { newSeed, type Seed } from "../tasks/seed.ts";
import { rawBody } from "./body.ts";
import { toPath } from "./plain-handler.ts";
import { ProblemError } from "./problem.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The seed is the same when a request that was cut off is repeated with its key. */
interface Stored extends Seed {
  readonly bodyHash: string;
  readonly answer?: Answer;
}

const KEPT_MS = DAY_MS;
/** A first request that has not answered by now was cut off: a repetition takes over with the same ids. */
const IN_PROGRESS_MS = 10_000;
const LONGEST_KEY = 255;

/**
 * Runs `work` once per `Idempotency-Key` and caller: a repetition within 24 hours gets the first answer, another
 * body under the same key 422, and a repetition while the first is under way 409. Without the header, just runs it.
 * A refused or failed request does not use the key up.
 */
export async function onceByKey(
  deps: Dependencies,
  request: IncomingMessage,
  work: (seed: Seed) => Promise<Answer>,
): Promise<Answer> {
  const key = request.headers["idempotency-key"]?.toString();
  if (key === undefined) return work(newSeed());
  if (key === "" || key.length > LONGEST_KEY) {
    throw new ProblemError("invalid_request", { detail: `Idempotency-Key must have 1 to ${LONGEST_KEY} characters` });
  }
  const redisKey = deps.keys.idempotency(toBearerKey(request.headers.authorization) ?? "", key);
  const claim = await claimKey(deps, redisKey, sha256(`${toPath(request)}\n${sha256(rawBody(request))}`));
  if (claim.answer !== undefined) return claim.answer;
  try {
    const answer = await work(claim);
    await deps.redis.set(redisKey, JSON.stringify({ ...claim, answer }), "PX", KEPT_MS);
    return answer;
  } catch (error) {
    // A refusal queued nothing: the key is free again. When Redis is away we do not know, and the ids must stay.
    if (error instanceof ProblemError) await deps.redis.del(redisKey);
    throw error;
  }
}

async function claimKey(deps: Dependencies, redisKey: string, bodyHash: string): Promise<Stored> {
  const mine: Stored = { ...newSeed(), bodyHash };
  const isMine = await deps.redis.set(redisKey, JSON.stringify(mine), "PX", KEPT_MS, "NX");
  if (isMine === "OK") return mine;
  const text = await deps.redis.get(redisKey);
  // The first request was refused in the meantime: the key is free.
  if (text === null) return claimKey(deps, redisKey, bodyHash);
  const known = JSON.parse(text) as Stored;
  if (known.bodyHash !== bodyHash) {
    throw new ProblemError("idempotency_key_reused", { detail: "this Idempotency-Key was used with another request" });
  }
  if (known.answer === undefined && Date.now() - known.at < IN_PROGRESS_MS) {
    throw new ProblemError("request_in_progress", {
      detail: "the first request with this Idempotency-Key is under way",
    });
  }
  return known;
}
