import Type, { type TSchema } from "typebox";

const some = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]));
const id = (description: string) =>
  Type.Union([Type.Integer(), Type.String({ pattern: "^-?[0-9]{1,40}$" })], { description });
const open = { additionalProperties: true };

const PersonSchema = Type.Object({ name: Type.String(), avatar_url: some(Type.String()) }, open);

/**
 * What Basecamp posts (bc3-api, webhooks). It documents the request: the source checks it itself, because it answers
 * by field and keeps the digits of ids beyond 2^53.
 */
export const BasecampWebhookSchema = Type.Object(
  {
    id: Type.Optional(id("The event's id: a repeat within 30 days is answered and not sent again.")),
    kind: some(Type.String({ description: "message_created, todo_completed, …" })),
    created_at: some(Type.String()),
    creator: some(PersonSchema),
    recording: Type.Object(
      {
        id: id("Or `basecamp_id`."),
        status: Type.String(),
        type: Type.String(),
        url: Type.String(),
        app_url: Type.String(),
        title: Type.String(),
        content: Type.String({ description: "HTML." }),
        parent: Type.Object(
          { id: id("Or `parent_id` of the recording."), app_url: Type.String(), title: some(Type.String()) },
          { ...open, description: "Or `parent_id` and `parent_app_url` of the recording." },
        ),
        bucket: some(Type.Object({ name: Type.String() }, open)),
        creator: some(PersonSchema),
      },
      open,
    ),
  },
  {
    ...open,
    title: "BasecampWebhook",
    examples: [
      {
        id: 1,
        kind: "message_created",
        created_at: "2016-06-08T19:00:41.933Z",
        recording: {
          id: 22,
          status: "active",
          type: "Message",
          title: "Welcome",
          url: "https://3.basecampapi.com/195539477/buckets/58/messages/22.json",
          app_url: "https://3.basecamp.com/195539477/buckets/58/messages/22",
          parent: { id: 34, title: "Message Board", app_url: "https://3.basecamp.com/195539477/buckets/58/boards/34" },
          bucket: { id: 58, name: "The Leto Laptop", type: "Project" },
          content: "<div>Glad to have you here.</div>",
        },
        creator: { id: 65, name: "Matt Donahue" },
      },
    ],
  },
);

export const BasecampAnswerSchema = Type.Object(
  {
    data: Type.Object({
      basecamp_id: Type.Integer({ description: "With all its digits." }),
      status: Type.String(),
      type: Type.String(),
      url: Type.String(),
      app_url: Type.String(),
      title: Type.String(),
      content: Type.String(),
    }),
  },
  { title: "BasecampAnswer" },
);
