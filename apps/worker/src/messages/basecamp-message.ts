import type { BasecampDocument } from "@hookline/contracts";
import { toLine } from "../targets/text.ts";
import { toEventStatus, toNoun, toStateStatus } from "./basecamp-wording.ts";
import { toMinute } from "./day.ts";
import { toRichText } from "./html.ts";
import type { Fact, Message, Status } from "./message.ts";
import type { RichText } from "./rich-text.ts";
import { toWebUrl } from "./web-url.ts";
import { toTextOr, toWords } from "./wording.ts";

/** Tells an event of Basecamp to people. */
export function toBasecampMessage(document: BasecampDocument, timeZone: string): Message {
  const { recording, creator } = document;
  const title = toTextOr(recording.title, "Untitled");
  const status = toStatus(document);
  return {
    title,
    url: toWebUrl(recording.appUrl),
    summary: toSummary(document, status, title),
    author:
      creator === null
        ? undefined
        : { name: toTextOr(creator.name, "Somebody"), avatarUrl: toWebUrl(creator.avatarUrl) },
    status,
    facts: toFacts(document),
    body: toBody(recording.content, title),
    sections: [],
    footer: toFooter(document, timeZone),
    at: document.timestamp,
    thread: {
      key: toBasecampThreadKey(document),
      label: toTextOr(recording.parentTitle, title),
      url: toWebUrl(recording.parentAppUrl),
    },
  };
}

/** What is written below one parent belongs together: the comments of a message, the messages of a board. */
export function toBasecampThreadKey({ recording }: BasecampDocument): string {
  return toLine(recording.parentId);
}

function toStatus({ event, recording }: BasecampDocument): Status {
  const noun = toNoun(recording.type);
  const kind = event.kind?.trim().toLowerCase() ?? "";
  return kind === "" ? toStateStatus(recording.status, noun) : toEventStatus(kind, noun);
}

function toSummary({ creator, recording }: BasecampDocument, status: Status, title: string): string {
  const by = creator === null ? "" : ` by ${toTextOr(creator.name, "somebody")}`;
  const project = toLine(recording.project ?? "");
  return `${status.text}${by}${project === "" ? "" : ` in ${project}`}: ${title}`;
}

/** Who wrote it is told as the author. The state is worth telling when it is unusual, or when little else is known. */
function toFacts({ recording }: BasecampDocument): Fact[] {
  const { project, parentTitle, type, status } = recording;
  const known = [
    { label: "Project", value: toLine(project ?? "") },
    { label: "In", value: toLine(parentTitle ?? "") },
    { label: "Type", value: toNoun(type) },
  ].filter(({ value }) => value !== "");
  const state = toWords(status);
  const isWorthTelling = state !== "" && (state !== "Active" || known.length < 3);
  return isWorthTelling ? [...known, { label: "Status", value: state }] : known;
}

/** A to-do's content is its title: once is enough. */
function toBody(content: string, title: string): RichText {
  const body = toRichText(content);
  const [only, ...others] = body;
  if (only?.type !== "paragraph" || others.length > 0) return body;
  const [text, ...rest] = only.children;
  return text?.type === "text" && rest.length === 0 && toLine(text.text) === title ? [] : body;
}

function toFooter({ event }: BasecampDocument, timeZone: string): string {
  const { createdAt } = event;
  const isTimed = createdAt !== null && !Number.isNaN(Date.parse(createdAt));
  return isTimed ? `Basecamp · ${toMinute(createdAt, timeZone)}` : "Basecamp";
}
