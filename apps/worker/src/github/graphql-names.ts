import { errorMessage, type Logger } from "@hookline/runtime";
import { isRecord, requireRecord } from "./json.ts";
import type { Names } from "./name-cache.ts";
import type { GithubSession } from "./session.ts";

/** Users asked for in one query. */
const BATCH = 100;

/**
 * Display names by GraphQL, a hundred to a request. Logins that it did not answer for are missing from the map: the first
 * query that fails is the last one.
 */
export async function askGraphqlNames(session: GithubSession, logins: readonly string[], log: Logger): Promise<Names> {
  const names = new Map<string, string | null>();
  for (let start = 0; start < logins.length; start += BATCH) {
    const batch = logins.slice(start, start + BATCH);
    const answered = await askBatch(session, batch).catch((error: unknown) => {
      session.signal?.throwIfAborted();
      log.info("github.graphql_failed", { error: errorMessage(error) });
      return undefined;
    });
    if (answered === undefined) break;
    for (const [login, name] of answered) names.set(login, name);
  }
  return names;
}

function askBatch(session: GithubSession, logins: readonly string[]): Promise<Names> {
  const declared = logins.map((_, index) => `$l${index}: String!`).join(", ");
  const selected = logins.map((_, index) => `u${index}: user(login: $l${index}) { name }`).join(" ");
  const variables = Object.fromEntries(logins.map((login, index) => [`l${index}`, login]));
  return session.graphql(`query(${declared}) { ${selected} }`, variables, (json) => toNames(json, logins));
}

/** Users that are not found (bots, organizations, deleted) have no name; a user with any other error is left out. */
export function toNames(json: unknown, logins: readonly string[]): Names {
  const answer = requireRecord(json, "graphql");
  const data = requireRecord(answer.data, "graphql.data");
  const missing = toNotFound(answer.errors);
  const names = new Map<string, string | null>();
  logins.forEach((login, index) => {
    const alias = `u${index}`;
    const user = data[alias];
    if (isRecord(user)) names.set(login, toDisplayName(user.name));
    else if (missing.has(alias)) names.set(login, null);
  });
  return names;
}

/** A display name; the empty one is none. */
export function toDisplayName(name: unknown): string | null {
  return typeof name === "string" && name.trim() !== "" ? name : null;
}

function toNotFound(errors: unknown): ReadonlySet<unknown> {
  const all = Array.isArray(errors) ? errors.filter(isRecord) : [];
  return new Set(
    all.filter(({ type }) => type === "NOT_FOUND").map(({ path }) => (Array.isArray(path) ? path[0] : undefined)),
  );
}
