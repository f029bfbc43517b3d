import Type, { type Static } from "typebox";
import { TargetNameSchema } from "./target-ref.ts";

/** What is left blank is empty. */
const OR_BLANK = { type: ["object", "null"], "x-message": "must be a mapping of names" };

/** The members are objects whose names are the user's; each target is checked by its kind's own schema. */
const named = (description: string) =>
  Type.Object(
    {},
    {
      ...OR_BLANK,
      additionalProperties: { type: "object", "x-message": "must be a mapping of options" },
      description,
    },
  );

/** Where Basecamp posts: `POST /webhooks/basecamp/recordings/<token>`. The token stands in a path (RFC 3986, section 2.3). */
export const BasecampInboxSchema = Type.Object(
  {
    token: Type.String({
      pattern: "^[A-Za-z0-9._~-]{6,200}$",
      description: "The last part of the inbox's address, known to Basecamp alone.",
      "x-message": "must be 6 to 200 letters, digits, hyphens, dots, underscores or tildes",
      "x-secret": true,
    }),
    deliver: Type.Array(TargetNameSchema, {
      minItems: 1,
      maxItems: 100,
      description: "The names of the targets that its messages go to.",
      "x-message": "must be a list of at least one target's name",
    }),
  },
  { additionalProperties: false, title: "BasecampInbox" },
);
export type BasecampInbox = Static<typeof BasecampInboxSchema>;

/** The project file as a whole (DESIGN §10): targets and inboxes have schemas of their own. */
export const ProjectFileSchema = Type.Object(
  {
    targets: Type.Optional(named("Places to post, by name.")),
    sources: Type.Optional(
      Type.Object(
        {
          basecamp: Type.Optional(
            Type.Object(
              { inboxes: Type.Optional(named("Basecamp inboxes, by name.")) },
              { ...OR_BLANK, additionalProperties: false },
            ),
          ),
        },
        { ...OR_BLANK, additionalProperties: false },
      ),
    ),
  },
  { ...OR_BLANK, additionalProperties: false, title: "Project" },
);
