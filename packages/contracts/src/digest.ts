import Type, { type Static, type TSchema } from "typebox";

const time = Type.String({ format: "date-time" });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const oldAndNew = <T extends TSchema>(schema: T) => Type.Optional(Type.Object({ old: schema, new: schema }));

export const DigestIssueSchema = Type.Object(
  {
    title: Type.String(),
    author: nullable(Type.String({ description: "Login; null when the account was deleted." })),
    labels: Type.Array(Type.Unknown(), { description: "GitHub's label objects, untouched." }),
    number: Type.Integer(),
    url: Type.String(),
    createdAt: time,
  },
  { title: "DigestIssue" },
);

export const DigestContributorSchema = Type.Object(
  {
    user: Type.String({ description: "Login." }),
    qtd_commits: Type.Integer(),
    name: nullable(Type.String({ description: "Display name; null when there is none or it could not be asked for." })),
  },
  { title: "DigestContributor" },
);

export const DigestStatsSchema = Type.Object(
  {
    stars: Type.Integer(),
    forks: Type.Integer(),
    watchers: Type.Integer(),
    openIssues: Type.Integer({ description: "Without pull requests." }),
    openPullRequests: Type.Integer(),
    contributors: Type.Integer(),
    languages: Type.Record(Type.String(), Type.Integer(), { description: "Bytes of code by language." }),
    license: nullable(Type.String({ description: "SPDX id." })),
    topics: Type.Array(Type.String()),
    defaultBranch: Type.String(),
    latestRelease: nullable(Type.String({ description: "Its tag." })),
    pushedAt: nullable(time),
    archived: Type.Boolean(),
    visibility: Type.String(),
    description: nullable(Type.String()),
  },
  { title: "DigestStats" },
);

export const IssueChangeSchema = Type.Object(
  { number: Type.Integer(), title: Type.String(), url: Type.String(), author: nullable(Type.String()) },
  { title: "IssueChange" },
);

export const ChangesSchema = Type.Object(
  {
    since: Type.String({
      format: "date-time",
      description: "When the snapshot of the target's last digest was collected.",
    }),
    stars: oldAndNew(Type.Integer()),
    forks: oldAndNew(Type.Integer()),
    watchers: oldAndNew(Type.Integer()),
    openIssues: oldAndNew(Type.Integer()),
    openPullRequests: oldAndNew(Type.Integer()),
    license: oldAndNew(nullable(Type.String())),
    defaultBranch: oldAndNew(Type.String()),
    latestRelease: oldAndNew(nullable(Type.String())),
    pushedAt: oldAndNew(nullable(time)),
    archived: oldAndNew(Type.Boolean()),
    visibility: oldAndNew(Type.String()),
    description: oldAndNew(nullable(Type.String())),
    issues: Type.Object({ opened: Type.Array(IssueChangeSchema), closed: Type.Array(IssueChangeSchema) }),
    contributors: Type.Object({ joined: Type.Array(Type.String({ description: "Login." })) }),
  },
  { title: "Changes" },
);

/** The document that a `webhook` target receives. */
export const DigestSchema = Type.Object(
  {
    type: Type.Literal("repository.digest"),
    id: Type.String({ description: "The task's id. The delivery's own id is the webhook-id header." }),
    timestamp: Type.String({ format: "date-time", description: "When the digest was made." }),
    user: Type.String(),
    repository: Type.String(),
    issues: Type.Array(DigestIssueSchema),
    contributors: Type.Array(DigestContributorSchema),
    stats: DigestStatsSchema,
    snapshot: Type.Object({
      collectedAt: time,
      ageMs: Type.Integer(),
      stale: Type.Boolean({ description: "Whether GitHub could not be asked and an older copy was used." }),
      partial: Type.Boolean(),
      partialReasons: Type.Array(Type.String(), { description: "What is missing, and why." }),
      githubRequests: Type.Integer({ description: "Requests that this digest cost, conditional ones included." }),
    }),
    changes: Type.Union([ChangesSchema, Type.Null()], {
      description: "Since the last digest delivered to this target; null when there was none.",
    }),
  },
  { title: "Digest" },
);

export type DigestIssue = Static<typeof DigestIssueSchema>;
export type DigestContributor = Static<typeof DigestContributorSchema>;
export type DigestStats = Static<typeof DigestStatsSchema>;
export type IssueChange = Static<typeof IssueChangeSchema>;
export type Changes = Static<typeof ChangesSchema>;
export type Digest = Static<typeof DigestSchema>;
