import type { Status } from "./message.ts";
import { toCapitalised, toWords } from "./wording.ts";

/** What people call the types of recordings (basecamp/bc3-api, "Webhooks" and the types it links to). */
const nouns = new Map<string, string>([
  ["Chat::Transcript", "Campfire"],
  ["Client::Approval", "Client approval"],
  ["Client::Approval::Response", "Client's response"],
  ["Client::Correspondence", "Client message"],
  ["Client::Forward", "Email from a client"],
  ["Client::Reply", "Client's reply"],
  ["CloudFile", "Linked file"],
  ["Comment", "Comment"],
  ["Document", "Document"],
  ["GoogleDocument", "Google document"],
  ["Inbox::Forward", "Forwarded email"],
  ["Kanban::Card", "Card"],
  ["Kanban::Column", "Column"],
  ["Kanban::Step", "Step"],
  ["Message", "Message"],
  ["Message::Board", "Message board"],
  ["Question", "Question"],
  ["Question::Answer", "Answer"],
  ["Questionnaire", "Check-ins"],
  ["Schedule", "Schedule"],
  ["Schedule::Entry", "Event"],
  ["Todo", "To-do"],
  ["Todolist", "To-do list"],
  ["Todolist::Group", "To-do group"],
  ["Todoset", "To-dos"],
  ["Upload", "File"],
  ["Vault", "Folder"],
]);

/** A type of recording as people call it; an unknown one in words. */
export function toNoun(type: string): string {
  return nouns.get(type.trim()) ?? (toWords(type) || "Recording");
}

type Tone = Status["tone"];

/** What an event's kind ends in, and what it says after the noun. None is the ending of another. */
const actions: readonly (readonly [ending: string, words: string, tone: Tone])[] = [
  ["_active", "published", "news"],
  ["_title_updated", "renamed", "news"],
  ["_content_updated", "edited", "news"],
  ["_copied", "copied", "news"],
  ["_inserted", "added", "news"],
  ["_archived", "archived", "news"],
  ["_unarchived", "taken out of the archive", "news"],
  ["_trashed", "moved to the trash", "warning"],
  ["_untrashed", "restored from the trash", "news"],
  ["_deleted", "deleted", "bad"],
  ["_subscribers_changed", "subscribers changed", "news"],
  ["_publicized", "made public", "news"],
  ["_completed", "completed", "good"],
  ["_uncompleted", "reopened", "news"],
  ["_paused", "paused", "news"],
  ["_resumed", "resumed", "news"],
];

/** What happened, in a few words: `New message`, `To-do completed`. */
export function toEventStatus(kind: string, noun: string): Status {
  if (kind.endsWith("_created")) return { tone: "news", text: `New ${toLowerFirst(noun)}` };
  const action = actions.find(([ending]) => kind.endsWith(ending));
  if (action === undefined) return { tone: "news", text: toWords(kind) || noun };
  const [, words, tone] = action;
  return { tone, text: `${noun} ${words}` };
}

/** The same where no event is told, from the state that the recording is in. */
export function toStateStatus(state: string, noun: string): Status {
  switch (state.trim().toLowerCase()) {
    case "trashed":
      return { tone: "warning", text: `${noun} in the trash` };
    case "archived":
      return { tone: "news", text: `${noun} in the archive` };
    case "drafted":
      return { tone: "news", text: `Draft ${toLowerFirst(noun)}` };
    case "deleted":
      return { tone: "bad", text: `${noun} deleted` };
    case "completed":
      return { tone: "good", text: `${noun} completed` };
    default:
      return { tone: "news", text: toCapitalised(noun) };
  }
}

/** Within a phrase, but a name keeps its capital. */
function toLowerFirst(noun: string): string {
  return noun.startsWith("Google") ? noun : noun.charAt(0).toLowerCase() + noun.slice(1);
}
