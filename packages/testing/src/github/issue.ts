import type { IssueInput, LabelInput } from "./inputs.ts";
import { toTimestamp } from "./timestamp.ts";

export interface SimulatedIssue {
  id: number;
  number: number;
  title: string;
  author: string | null;
  labels: Required<LabelInput>[];
  body: string | null;
  comments: number;
  isPullRequest: boolean;
  state: "open" | "closed";
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
}

export interface IssueDefaults {
  repositoryId: number;
  number: number;
  author: string;
  createdAtMs: number;
}

const BODY = `### What happened

The job was accepted and then waited for longer than its delay. The log shows the attempt, but nothing after it.

### Steps

1. Start both processes with the default settings.
2. Send the request from the README twice within a second.
3. Look at the queue after a minute.

### Expected

One message, and the second request reported as a duplicate of the first.`;

/** An issue or pull request with everything the input left open filled in. */
export function toIssue(input: IssueInput, defaults: IssueDefaults): SimulatedIssue {
  const createdAt = toTimestamp(input.createdAt === undefined ? defaults.createdAtMs : Date.parse(input.createdAt));
  const state = input.state ?? "open";
  return {
    id: defaults.repositoryId * 100_000 + defaults.number,
    number: defaults.number,
    title: input.title,
    author: input.author === undefined ? defaults.author : input.author,
    labels: (input.labels ?? []).map(toLabel),
    body: input.body === undefined ? BODY : input.body,
    comments: input.comments ?? 0,
    isPullRequest: input.isPullRequest ?? false,
    state,
    createdAt,
    updatedAt: createdAt,
    closedAt: state === "closed" ? createdAt : null,
  };
}

function toLabel(input: string | LabelInput): Required<LabelInput> {
  const label = typeof input === "string" ? { name: input } : input;
  return { color: "ededed", description: null, ...label };
}
