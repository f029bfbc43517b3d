import { type Answer, toErrorAnswer } from "./answer.ts";
import type { Call } from "./call.ts";
import { toCursorPage } from "./cursor-page.ts";
import type { SimulatedIssue } from "./issue.ts";
import { toNumberedPage, toPageAnswer, toPageNumber } from "./page.ts";
import { toIssueJson } from "./render-issue.ts";
import type { SimulatedRepository } from "./repository.ts";
import type { Users } from "./users.ts";

const NO_PAGE_NUMBERS =
  "Pagination with the page parameter is not supported for large datasets, " +
  "please use cursor based pagination (after/before)";

/** GET issues: pull requests among them, filtered by `state` and `since`, in the order of `sort` and `direction`. */
export function listIssues(repository: SimulatedRepository, call: Call, users: Users): Answer {
  if (repository.issuesDisabled) return toErrorAnswer(410, "Issues has been disabled in this repository.");
  const { query } = call;
  const request = { query, url: `${call.base}/repositories/${repository.id}/issues` };
  const compareKeys = toComparison(query);
  const toKey = (issue: SimulatedIssue) => toSortKey(issue, query.get("sort"));
  const items = repository.issues
    .filter((issue) => isWanted(issue, query))
    .map((issue) => ({ issue, key: toKey(issue) }))
    .sort((a, b) => compareKeys(a.key, b.key))
    .map(({ issue }) => issue);
  const render = (issue: SimulatedIssue) => toIssueJson(issue, { repository, base: call.base, users });
  if (!repository.usesCursors) return toPageAnswer(toNumberedPage(items, request), render);
  if (toPageNumber(query) > 1) return toErrorAnswer(422, NO_PAGE_NUMBERS);
  const page = toCursorPage({ items, toKey, compareKeys }, request);
  return page ? toPageAnswer(page, render) : toErrorAnswer(422, "Invalid cursor");
}

function isWanted(issue: SimulatedIssue, query: URLSearchParams): boolean {
  const state = query.get("state") ?? "open";
  const since = query.get("since");
  if (since !== null && Date.parse(issue.updatedAt) < Date.parse(since)) return false;
  return state === "all" || issue.state === state;
}

// Padded, so that the order of the keys is the order of moment and number.
function toSortKey(issue: SimulatedIssue, sort: string | null): string {
  const moment = sort === "updated" ? issue.updatedAt : issue.createdAt;
  return `${moment}|${String(issue.number).padStart(10, "0")}`;
}

function toComparison(query: URLSearchParams): (a: string, b: string) => number {
  const sign = query.get("direction") === "asc" ? 1 : -1;
  return (a, b) => (a === b ? 0 : (a < b ? -1 : 1) * sign);
}
