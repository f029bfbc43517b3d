import { errorMessage, RetryAfterError } from "@hookline/runtime";
import pLimit from "p-limit";
import type { GithubClient } from "./client.ts";
import { toDisplayName } from "./graphql-names.ts";
import { requireRecord } from "./json.ts";
import type { Names } from "./name-cache.ts";
import type { GithubSession } from "./session.ts";

/** Below the client's own bound, so that names never hold up the lists. */
const CONCURRENCY = 4;
/** Failures after which GitHub is not asked for more names. */
const MOST_FAILURES = 5;
/** The part of the anonymous budget that names leave for lists. */
const RESERVE = 0.25;

const ABSENT = { statuses: [404], value: null };

interface Lookup {
  readonly client: GithubClient;
  readonly session: GithubSession;
}

/**
 * Display names by `GET /users/{username}`, one request each. Logins it could not ask for are missing from the map: it
 * stops at a limit, after five failures, and for an anonymous client while a quarter of the budget is left.
 */
export async function askUserNames(lookup: Lookup, logins: readonly string[]): Promise<Names> {
  const names = new Map<string, string | null>();
  const { client, session } = lookup;
  const slots = pLimit(CONCURRENCY);
  let left = await toAllowance(client);
  let failures = 0;
  const askOne = async (login: string) => {
    if (left <= 0 || session.signal?.aborted) return;
    left -= 1;
    // Others spend the same budget.
    if ((await toAllowance(client)) <= 0) {
      left = 0;
      return;
    }
    try {
      names.set(login, await askName(session, login));
    } catch (error) {
      session.signal?.throwIfAborted();
      failures += 1;
      if (error instanceof RetryAfterError || failures >= MOST_FAILURES) left = 0;
      client.log.debug("github.name_failed", { login, error: errorMessage(error) });
    }
  };
  await Promise.all(logins.map((login) => slots(() => askOne(login))));
  session.signal?.throwIfAborted();
  return names;
}

async function askName(session: GithubSession, login: string): Promise<string | null> {
  const url = session.toUrl(["users", login]);
  const answer = await session.get<string | null>(url, toUserName, { absent: ABSENT });
  return answer.value;
}

export function toUserName(json: unknown): string | null {
  return toDisplayName(requireRecord(json, "user").name);
}

/** How many names may be asked for: without a limit with a token, else what is above the reserve. */
async function toAllowance(client: GithubClient): Promise<number> {
  if (!client.isAnonymous) return Number.POSITIVE_INFINITY;
  const { budget } = await client.readLimit("core");
  return budget === undefined ? Number.POSITIVE_INFINITY : Math.floor(budget.remaining - budget.limit * RESERVE);
}
