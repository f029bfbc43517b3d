import type { BasecampDocument } from "@hookline/contracts";
import type { SourceDocument } from "../source.ts";
import { toInteger, toText } from "./cast.ts";
import { isJsonObject, type JsonObject, member } from "./lossless-json.ts";
import type { Recording } from "./recording.ts";

interface Event {
  readonly inbox: string;
  /** Everything that Basecamp sent. */
  readonly payload: JsonObject;
  /** Its recording, as it was sent and as it was read. */
  readonly source: JsonObject;
  readonly recording: Recording;
}

/** Tells a Basecamp event in our words. What is not required and not as expected counts as left out. */
export function toDocument({ inbox, payload, source, recording }: Event): SourceDocument {
  return {
    type: "basecamp.recording",
    inbox,
    event: {
      id: toInteger(member(payload, "id")).value ?? null,
      kind: textOf(payload, "kind"),
      createdAt: textOf(payload, "created_at"),
    },
    recording: {
      id: recording.basecamp_id,
      type: recording.type,
      status: recording.status,
      title: recording.title,
      content: recording.content,
      url: recording.url,
      appUrl: recording.app_url,
      parentId: recording.parent_id,
      parentAppUrl: recording.parent_app_url,
      parentTitle: textOf(member(source, "parent"), "title"),
      project: textOf(member(source, "bucket"), "name"),
    },
    creator: toCreator(member(payload, "creator")) ?? toCreator(member(source, "creator")),
  };
}

/** Who did it stands at the top; of old payloads only who wrote the recording is known. */
function toCreator(person: unknown): BasecampDocument["creator"] {
  const name = textOf(person, "name");
  return name === null ? null : { name, avatarUrl: textOf(person, "avatar_url") };
}

function textOf(object: unknown, name: string): string | null {
  return isJsonObject(object) ? (toText(member(object, name)).value ?? null) : null;
}
