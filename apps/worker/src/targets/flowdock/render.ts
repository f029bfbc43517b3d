import { fit } from "../fit.ts";
import { escapeHtml } from "../html-lines.ts";
import { toSafeUrl } from "../links.ts";
import type { Author, Message, Outgoing, Place, Status } from "../target.ts";
import { measure, shorten, toLine } from "../text.ts";
import { toBody } from "./body.ts";
import { type Recording, readRecording } from "./document.ts";

type Color = "green" | "grey" | "orange" | "red";

/** A discussion message of Flowdock's (flowdock/api-docs, "Messages"): absent members are null, none is left out. */
export interface Discussion {
  readonly flow_token: string;
  readonly event: "discussion";
  readonly author: { readonly name: string; readonly avatar: string | null; readonly email: null };
  readonly title: string;
  readonly body: string;
  readonly external_thread_id: string;
  readonly thread: {
    readonly title: string;
    readonly fields: null;
    readonly body: string;
    readonly external_url: string | null;
    readonly status: { readonly color: Color; readonly value: string };
  };
}

const COLORS: Readonly<Record<Status["tone"], Color>> = {
  good: "green",
  news: "green",
  quiet: "grey",
  warning: "orange",
  bad: "red",
};
// Nothing is documented; nobody reads more.
const MAX_BODY = 64 * 1024;
const MAX_TITLE = 300;
const MAX_STATUS = 60;
const MAX_URL = 2000;
const weekday = new Intl.DateTimeFormat("en-US", { weekday: "long", timeZone: "UTC" });

interface Sender {
  readonly flowToken: string;
  /** Who posts what has no author of its own. */
  readonly authorName: string;
}

export function renderFlowdock(outgoing: Outgoing, place: Place, { flowToken, authorName }: Sender): Discussion {
  const recording = readRecording(outgoing.body);
  const told = recording === undefined ? ofMessage(outgoing.message) : ofRecording(recording, outgoing);
  return {
    flow_token: flowToken,
    event: "discussion",
    author: toAuthor(outgoing.message.author, authorName),
    title: told.title,
    body: told.body,
    external_thread_id: toThreadId(outgoing, place),
    thread: told.thread,
  };
}

type Told = Pick<Discussion, "title" | "body" | "thread">;

function ofMessage(message: Message): Told {
  const title = shorten(toLine(message.title), MAX_TITLE) || "(untitled)";
  const value = shorten(toLine(message.status.text), MAX_STATUS) || "–";
  const status = { color: COLORS[message.status.tone], value };
  return {
    title: toTitle(message.url, title),
    body: fit(message, toBody, (html) => measure(html, "utf16") <= MAX_BODY),
    thread: { title, fields: null, body: escapeHtml(title), external_url: message.thread?.url ?? null, status },
  };
}

// As Baseflow wrote it: always green, with the day's name, and the recording's own HTML.
function ofRecording({ title, content, appUrl, parentAppUrl }: Recording, { message, day }: Outgoing): Told {
  const value = day === undefined ? toLine(message.status.text) || "–" : weekday.format(new Date(`${day}T00:00:00Z`));
  return {
    title: toTitle(appUrl, title),
    body: content,
    thread: { title, fields: null, body: title, external_url: parentAppUrl, status: { color: "green", value } },
  };
}

// Flowdock goes on with "on" and the flow's name.
function toTitle(url: string | undefined, title: string): string {
  const isLink = url !== undefined && toSafeUrl(url, { max: MAX_URL }) !== undefined;
  return isLink ? `<a href='${escapeHtml(url)}'>see this on</a>` : escapeHtml(title);
}

function toAuthor(author: Author | undefined, authorName: string): Discussion["author"] {
  const name = toLine(author?.name ?? "");
  if (author === undefined || name === "") return { name: authorName, avatar: null, email: null };
  return { name, avatar: author.avatarUrl ?? null, email: null };
}

function toThreadId({ deliveryId, message: { thread }, day }: Outgoing, place: Place): string {
  return thread === undefined || day === undefined || place.role === "alone" ? deliveryId : `${thread.key}_${day}`;
}
