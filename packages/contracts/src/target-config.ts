import Type, { type Static, type TObject, type TProperties } from "typebox";

/** A pace such as `5/s` or `20/min`: at most so many requests in that time, evenly spaced. */
export const RateSchema = Type.String({
  pattern: "^[1-9][0-9]{0,5}/(s|min|h)$",
  description: "The pace of the target: 5/s, 20/min or 100/h.",
  "x-message": "must be a pace such as 5/s, 20/min or 100/h",
});

export const TargetUrlSchema = Type.String({
  minLength: 1,
  maxLength: 2048,
  pattern: "^https?://",
  "x-message": "must be an http:// or https:// URL of at most 2048 characters",
});

const shared = {
  rate: Type.Optional(RateSchema),
  timeout: Type.Optional(
    Type.Integer({ minimum: 100, maximum: 300_000, description: "ms the target has to answer; else TARGET_TIMEOUT." }),
  ),
  maxInFlight: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 10_000, description: "Requests to the target at once, by all replicas." }),
  ),
  headers: Type.Optional(
    Type.Record(
      Type.String({ pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$" }),
      Type.String({ maxLength: 4096, pattern: "^[\\x20-\\x7e]*$", "x-message": "must be visible ASCII" }),
      { additionalProperties: false, description: "Sent with every request." },
    ),
  ),
};

/** A secret of a target: in the project file it is written `${VARIABLE}` only. */
const secret = (description: string) => Type.String({ minLength: 1, maxLength: 4096, description, "x-secret": true });
const text = (description: string, maxLength = 200) => Type.String({ minLength: 1, maxLength, description });

/** The options of one kind of target, as they stand in the project file. */
function options<K extends string, P extends TProperties>(kind: K, properties: P) {
  return Type.Object(
    { kind: Type.Literal(kind), ...properties, ...shared },
    { additionalProperties: false, title: `${kind} target` },
  );
}

/** Every kind of target with its options (DESIGN §10). Slack takes a `url`, or a `token` and a `channel`. */
export const targetOptionSchemas = {
  webhook: options("webhook", {
    url: TargetUrlSchema,
    secret: Type.Optional(secret("whsec_…, one or several, space-separated; none: unsigned.")),
  }),
  slack: options("slack", {
    url: Type.Optional(TargetUrlSchema),
    token: Type.Optional(secret("A bot's token, xoxb-…")),
    channel: Type.Optional(text("The channel's id, C…")),
    apiUrl: Type.Optional(TargetUrlSchema),
  }),
  discord: options("discord", {
    url: TargetUrlSchema,
    threadId: Type.Optional(Type.String({ pattern: "^[0-9]{1,20}$", "x-message": "must be a thread's id: digits" })),
    forum: Type.Optional(Type.Boolean({ description: "The channel is a forum: each thread opens a post." })),
  }),
  teams: options("teams", { url: TargetUrlSchema }),
  mattermost: options("mattermost", { url: TargetUrlSchema }),
  rocketchat: options("rocketchat", { url: TargetUrlSchema }),
  googlechat: options("googlechat", { url: TargetUrlSchema }),
  zulip: options("zulip", {
    url: TargetUrlSchema,
    email: text("The bot's e-mail address."),
    apiKey: secret("The bot's API key."),
    stream: text("The channel (stream) to post to."),
    topic: Type.Optional(text("The topic of messages without a thread; else hookline.", 60)),
  }),
  telegram: options("telegram", {
    token: secret("The bot's token."),
    chatId: Type.Union([Type.String({ pattern: "^(-?[0-9]{1,20}|@[A-Za-z0-9_]{4,64})$" }), Type.Integer()], {
      "x-message": "must be a chat's id or @channel",
    }),
    messageThreadId: Type.Optional(Type.Integer({ minimum: 1 })),
    apiUrl: Type.Optional(TargetUrlSchema),
  }),
  flowdock: options("flowdock", {
    url: TargetUrlSchema,
    flowToken: Type.Optional(secret("The flow's token; left out, the inbox's own token is passed on.")),
    authorName: Type.Optional(text("Who posts messages that have no author of their own.")),
  }),
} as const satisfies Record<string, TObject>;

export type TargetKindName = keyof typeof targetOptionSchemas;
export const targetKindNames = Object.keys(targetOptionSchemas) as readonly TargetKindName[];

export type TargetOptionsOf<K extends TargetKindName> = Static<(typeof targetOptionSchemas)[K]>;
/** One target as the project file, `WEBHOOK_URL` or a request configures it. */
export type TargetConfig = { [K in TargetKindName]: TargetOptionsOf<K> }[TargetKindName];

/** The kinds that need no more than a URL: WEBHOOK_KIND and targets written out in a request take these. */
export const urlTargetKinds = [
  "webhook",
  "slack",
  "discord",
  "teams",
  "mattermost",
  "rocketchat",
  "googlechat",
] as const satisfies readonly TargetKindName[];
export type UrlTargetKind = (typeof urlTargetKinds)[number];

const KINDS_BY_HOST: readonly (readonly [RegExp, UrlTargetKind])[] = [
  [/^hooks\.slack(-gov)?\.com$/, "slack"],
  [/^((canary|ptb)\.)?discord(app)?\.com$/, "discord"],
  [/\.(logic\.azure\.(com|us)|api\.powerplatform\.com|webhook\.office\.com)$/, "teams"],
  [/^chat\.googleapis\.com$/, "googlechat"],
];

/** The kind that a URL's host names; `webhook` for every host that is not a chat service's own. */
export function toKindOfHost(hostname: string): UrlTargetKind {
  const host = hostname.toLowerCase().replace(/\.$/, "");
  return KINDS_BY_HOST.find(([pattern]) => pattern.test(host))?.[1] ?? "webhook";
}

/** Whether messages of one thread key belong together at such a target, and are therefore sent in order. */
export function hasThreads(config: TargetConfig): boolean {
  switch (config.kind) {
    case "slack":
      return config.token !== undefined;
    case "discord":
      return config.forum === true;
    case "googlechat":
    case "zulip":
    case "telegram":
    case "flowdock":
      return true;
    case "webhook":
    case "teams":
    case "mattermost":
    case "rocketchat":
      return false;
  }
}
