import Type, { type Static } from "typebox";

export const TargetNameSchema = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$",
  description: "The name of a configured target; `default` is the one of WEBHOOK_URL.",
  "x-message": "must be the name of a target: letters, digits, dots, hyphens and underscores",
});

export const InlineTargetSchema = Type.Object(
  {
    kind: Type.Literal("webhook", {
      description: "How messages are rendered and posted.",
      "x-message": "must be webhook",
    }),
    url: Type.String({
      minLength: 1,
      maxLength: 2048,
      pattern: "^https?://",
      description: "Where to post. Private addresses only through TARGET_ALLOWED_NETWORKS.",
      "x-message": "must be an http:// or https:// URL of at most 2048 characters",
    }),
  },
  { additionalProperties: false, title: "InlineTarget" },
);

export const TargetRefSchema = Type.Union([TargetNameSchema, InlineTargetSchema], { title: "TargetRef" });

export type InlineTarget = Static<typeof InlineTargetSchema>;
export type TargetRef = Static<typeof TargetRefSchema>;

/** The target that WEBHOOK_URL configures. */
export const DEFAULT_TARGET = "default";
