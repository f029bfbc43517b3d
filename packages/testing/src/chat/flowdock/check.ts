import type { Check, Problem } from "../check/check.ts";
import { both, problem } from "../check/check.ts";
import { list, object } from "../check/shapes.ts";
import { anything, oneOf, text } from "../check/values.ts";
import { toFields, toText } from "../parse.ts";

// flowdock/api-docs, "Messages" and "Threads"; the service closed in 2023.
const COLORS = ["red", "green", "yellow", "cyan", "orange", "grey", "black", "lime", "purple", "blue"];

const status = object({ value: text({ min: 1 }), color: oneOf(...COLORS) }, {}, "ignored");
const field = object({ label: text({ min: 1 }), value: anything() }, {}, "ignored");
const author = object({ name: text({ min: 1 }) }, { avatar: text(), email: text() }, "ignored");
const thread = object(
  { title: text({ min: 1 }) },
  { body: text(), external_url: text(), fields: list(field), actions: list(anything()), status },
  "ignored",
);
const tags: Check = (value, path) => (typeof value === "string" ? [] : list(text())(value, path));

const onlyLinks: Check = (value, path) => {
  const names = [...toText(value).matchAll(/<\/?([a-z][^\s>/]*)/gi)].map(([, name = ""]) => name.toLowerCase());
  return names.every((name) => name === "a") ? [] : [problem(path, "value", "can only contain a tags")];
};

const hasThread: Check = (value, path) => {
  const { thread_id: id, external_thread_id: externalId } = toFields(value);
  return toText(id) !== "" || toText(externalId) !== ""
    ? []
    : [problem([...path, "external_thread_id"], "required", "can't be blank")];
};

const message = object(
  {
    flow_token: text({ min: 1 }),
    event: oneOf("discussion", "activity"),
    title: both(text({ min: 1 }), onlyLinks),
    author,
    thread,
  },
  { body: text(), tags, attachments: list(anything()), thread_id: text(), external_thread_id: text() },
  "ignored",
);

/** All that is wrong with a message. */
export function checkMessage(payload: unknown): Problem[] {
  return both(message, hasThread)(payload, []);
}
