import type { ContributorInput, IssueInput } from "./inputs.ts";

export interface GenerateIssuesOptions {
  count: number;
  /** Every n-th is a pull request; 0 (default) none. */
  pullRequestEvery?: number;
  /** Every n-th is closed; 0 (default) none. */
  closedEvery?: number;
  /** Every n-th was opened by a deleted account; 0 (default) none. */
  deletedAuthorEvery?: number;
}

export interface GenerateContributorsOptions {
  count: number;
  /** Every n-th is anonymous; 0 (default) none. */
  anonymousEvery?: number;
  /** Every n-th is a bot; 0 (default) none. */
  botEvery?: number;
}

const LABELS = ["bug", "enhancement", "documentation", "question", "good first issue"];
const AUTHORS = 20;

/** Issues "Issue 1", "Issue 2", … mixed with "Pull request n"; the same options give the same list. */
export function generateIssues(options: GenerateIssuesOptions): IssueInput[] {
  return Array.from({ length: options.count }, (_, index) => toGeneratedIssue(index + 1, options));
}

/** Contributors `contributor-1`, … with falling numbers of contributions; the same options give the same list. */
export function generateContributors(options: GenerateContributorsOptions): ContributorInput[] {
  return Array.from({ length: options.count }, (_, index) => {
    const number = index + 1;
    const contributions = options.count - index;
    if (isEvery(number, options.anonymousEvery)) {
      return { name: `Anonymous ${number}`, email: `anonymous-${number}@example.com`, contributions };
    }
    const isBot = isEvery(number, options.botEvery);
    return { login: isBot ? `robot-${number}[bot]` : `contributor-${number}`, contributions };
  });
}

function toGeneratedIssue(number: number, options: GenerateIssuesOptions): IssueInput {
  const isPullRequest = isEvery(number, options.pullRequestEvery);
  return {
    title: `${isPullRequest ? "Pull request" : "Issue"} ${number}`,
    author: isEvery(number, options.deletedAuthorEvery) ? null : `author-${number % AUTHORS}`,
    labels: [LABELS[number % LABELS.length] ?? "bug"],
    comments: number % 7,
    isPullRequest,
    state: isEvery(number, options.closedEvery) ? "closed" : "open",
  };
}

function isEvery(number: number, every: number | undefined): boolean {
  return every !== undefined && every > 0 && number % every === 0;
}
