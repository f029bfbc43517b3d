import { emptyProject, type Project } from "@hookline/project";

export const LETO = "leto-inbox-token-4f1d";
export const PAUL = "paul-inbox-token-9c2e";
/** Beyond 2^53: a JavaScript number would end in other digits. */
export const PARENT = "9007199254741434";
export const RECORDING = "9007199254740993";

/** Two inboxes: one for two targets, one for one of them. */
export const project: Project = {
  ...emptyProject,
  targets: {
    team: { kind: "googlechat", url: "https://chat.googleapis.com/v1/spaces/A/messages" },
    archive: { kind: "flowdock", url: "https://flow.example.com/messages" },
  },
  inboxes: {
    leto: { token: LETO, deliver: ["team", "archive"] },
    paul: { token: PAUL, deliver: ["team"] },
  },
  secrets: [LETO, PAUL],
};

export const path = (token: string): string => `/webhooks/basecamp/recordings/${token}`;

type Members = Readonly<Record<string, unknown>>;

/** A recording in the flat shape: nine members and no more. */
export function flatRecording(more: Members = {}): Members {
  return {
    basecamp_id: 42,
    status: "active",
    type: "Question::Answer",
    url: "https://3.basecampapi.com/195539477/buckets/58/answers/42.json",
    app_url: "https://3.basecamp.com/195539477/buckets/58/answers/42",
    title: "Answer to “What did you do yesterday?”",
    content: "<div>Wrote <strong>tests</strong> — all day.</div>",
    parent_id: 123_123,
    parent_app_url: "https://3.basecamp.com/195539477/buckets/58/questions/123123",
    ...more,
  };
}

/** A payload as Basecamp sends it, as text: its ids have more digits than JavaScript's numbers keep. */
export function nestedPayload({ event = 1, title = "Welcome" }: { event?: number | string; title?: string } = {}) {
  return `{"id":${event},"kind":"message_created","details":{"notified_recipient_ids":[7]},
    "created_at":"2016-06-08T19:00:41.933Z",
    "recording":{"id":${RECORDING},"status":"active","title":${JSON.stringify(title)},"type":"Message",
      "url":"https://3.basecampapi.com/1/buckets/58/messages/22.json",
      "app_url":"https://3.basecamp.com/1/buckets/58/messages/22","comments_count":1,
      "parent":{"id":${PARENT},"title":"Message Board","type":"Message::Board","url":"https://3.basecampapi.com/1",
        "app_url":"https://3.basecamp.com/1/buckets/58/message_boards/34"},
      "bucket":{"id":58,"name":"The Leto Laptop","type":"Project"},
      "creator":{"id":65,"name":"Author of the recording","avatar_url":"https://3.basecamp.com/65/avatar"},
      "content":"<div>Glad to have you here.</div>"},
    "creator":{"id":66,"name":"Matt Donahue","avatar_url":"https://3.basecamp.com/66/avatar"}}`;
}
