import Type, { type Static } from "typebox";
import { TargetUrlSchema, urlTargetKinds } from "./target-config.ts";

/** A configured target's name. */
export const TargetNameSchema = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$",
  description: "The name of a configured target; `default` is the one of WEBHOOK_URL.",
  "x-message": "must be the name of a target: letters, digits, dots, hyphens and underscores",
});

export const InlineTargetSchema = Type.Object(
  {
    kind: Type.Enum([...urlTargetKinds], {
      description: "How messages are rendered and posted.",
      "x-message": `must be one of ${urlTargetKinds.join(", ")}`,
    }),
    url: Type.String({
      ...TargetUrlSchema,
      description: "Where to post. Private addresses only through TARGET_ALLOWED_NETWORKS.",
    }),
  },
  { additionalProperties: false, title: "InlineTarget" },
);

export const TargetRefSchema = Type.Union([TargetNameSchema, InlineTargetSchema], { title: "TargetRef" });

/**
 * A target as jobs know it: a configured name, or the name of one that a request supplied. Those have a `~` in
 * them, and their URLs, which may be secrets, lie beside the jobs.
 */
export const JobTargetSchema = Type.Union([
  Type.String({ minLength: 1, maxLength: 400, pattern: "^\\S+$" }),
  InlineTargetSchema,
]);

export type InlineTarget = Static<typeof InlineTargetSchema>;
export type TargetRef = Static<typeof TargetRefSchema>;

/** The target that WEBHOOK_URL configures. */
export const DEFAULT_TARGET = "default";
