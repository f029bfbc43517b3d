import type { LabelInput } from "./inputs.ts";
import type { SimulatedIssue } from "./issue.ts";
import { toNodeId, toUserJson } from "./render-user.ts";
import type { SimulatedRepository } from "./repository.ts";
import type { Users } from "./users.ts";

export interface IssueContext {
  repository: SimulatedRepository;
  base: string;
  users: Users;
}

const DEFAULT_LABELS = ["bug", "documentation", "duplicate", "enhancement", "good first issue", "question", "wontfix"];
const REACTIONS = { total_count: 0, "+1": 0, "-1": 0, laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0 };

/** An issue or pull request as in GitHub's list of issues; the author of a deleted account is null. */
export function toIssueJson(issue: SimulatedIssue, context: IssueContext): Record<string, unknown> {
  const { repository, base, users } = context;
  const api = `${base}/repos/${repository.fullName}`;
  const url = `${api}/issues/${issue.number}`;
  return {
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: toHtmlUrl(issue, repository),
    id: issue.id,
    node_id: toNodeId(issue.isPullRequest ? "PullRequest" : "Issue", issue.id),
    number: issue.number,
    title: issue.title,
    user: issue.author === null ? null : toUserJson(users.ensure(issue.author), base),
    labels: issue.labels.map((label, index) => toLabelJson(label, `${api}/labels`, issue.id * 10 + index)),
    state: issue.state,
    locked: false,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: issue.comments,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: issue.author === repository.owner ? "OWNER" : "CONTRIBUTOR",
    type: null,
    active_lock_reason: null,
    ...(issue.isPullRequest && { draft: false, pull_request: toPullRequestJson(issue, api, repository) }),
    sub_issues_summary: { total: 0, completed: 0, percent_completed: 0 },
    body: issue.body,
    closed_by: null,
    reactions: { url: `${url}/reactions`, ...REACTIONS },
    timeline_url: `${url}/timeline`,
    performed_via_github_app: null,
    state_reason: issue.state === "closed" ? "completed" : null,
  };
}

function toHtmlUrl(issue: SimulatedIssue, repository: SimulatedRepository): string {
  return `https://github.com/${repository.fullName}/${issue.isPullRequest ? "pull" : "issues"}/${issue.number}`;
}

function toPullRequestJson(issue: SimulatedIssue, api: string, repository: SimulatedRepository): unknown {
  const html = toHtmlUrl(issue, repository);
  const url = `${api}/pulls/${issue.number}`;
  return { url, html_url: html, diff_url: `${html}.diff`, patch_url: `${html}.patch`, merged_at: null };
}

function toLabelJson(label: Required<LabelInput>, labelsUrl: string, id: number): unknown {
  return {
    id,
    node_id: toNodeId("Label", id),
    url: `${labelsUrl}/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: DEFAULT_LABELS.includes(label.name),
    description: label.description,
  };
}
