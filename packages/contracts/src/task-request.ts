import Type, { type Static } from "typebox";
import { TargetRefSchema } from "./target-ref.ts";

/** A year: BullMQ's delayed set keeps exact milliseconds until 2039. */
export const LONGEST_DELAY_MS = 31_536_000_000;
export const MOST_TARGETS = 20;
export const MOST_RETRIES = 100;

/** A GitHub login: managed users have underscores, old accounts odd hyphens. */
export const UsernameSchema = Type.String({
  minLength: 1,
  maxLength: 39,
  pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$",
  description: "The repository's owner: a GitHub login.",
  examples: ["octocat"],
  "x-message":
    "must be a GitHub login: 1 to 39 letters, digits, hyphens or underscores, beginning with a letter or digit",
});

export const RepositorySchema = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: "^(?!\\.{1,2}$)(?!.*\\.[gG][iI][tT]$)[A-Za-z0-9._-]+$",
  description: "The repository's name.",
  examples: ["hello-world"],
  "x-message":
    "must be a repository's name: 1 to 100 letters, digits, dots, hyphens or underscores, not . or .., not ending in .git",
});

const optionalMs = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: LONGEST_DELAY_MS, description }));

export const TaskRequestSchema = Type.Object(
  {
    username: UsernameSchema,
    repository: RepositorySchema,
    scheduleInterval: optionalMs("ms to wait before the first attempt; SCHEDULE_INTERVAL when left out."),
    runAt: Type.Optional(
      Type.String({
        format: "date-time",
        maxLength: 40,
        description:
          "When to make the first attempt, instead of scheduleInterval; at most a year ahead. A past time means now.",
        "x-message": "must be a date and time with an offset, such as 2030-01-31T09:00:00Z",
      }),
    ),
    rescheduleInterval: optionalMs("ms between attempts; RESCHEDULE_INTERVAL when left out."),
    retryMaxAttempts: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: MOST_RETRIES,
        description: "Retries after the first attempt; RETRY_MAX_ATTEMPTS when left out.",
      }),
    ),
    targets: Type.Optional(
      Type.Array(TargetRefSchema, {
        minItems: 1,
        maxItems: MOST_TARGETS,
        description:
          "Where to deliver: names of configured targets, or (with API keys only) targets written out. The default target when left out.",
      }),
    ),
    onlyIfChanged: Type.Optional(
      Type.Boolean({ description: "Deliver only where something changed since the target's last digest." }),
    ),
    snapshotAt: Type.Optional(
      Type.Union([Type.Literal("delivery"), Type.Literal("request")], {
        description:
          "Collect when the task runs, or at once, as the repository was when asked. SNAPSHOT_AT when left out.",
      }),
    ),
  },
  {
    additionalProperties: false,
    title: "TaskRequest",
    examples: [{ username: "octocat", repository: "hello-world" }],
  },
);

export type TaskRequest = Static<typeof TaskRequestSchema>;
