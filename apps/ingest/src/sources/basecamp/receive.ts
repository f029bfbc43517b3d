import { errorMessage } from "@hookline/runtime";
import type { Received, Source, SourceRequest } from "../source.ts";
import { toDocument } from "./document.ts";
import { isJsonObject, type JsonObject, member, parseLossless, stringifyLossless, toNumber } from "./lossless-json.ts";
import { type Recording, readRecording } from "./recording.ts";

/**
 * Basecamp's webhooks (github.com/basecamp/bc3-api, webhooks). They are unsigned: the address is the secret. All kinds
 * of event on all types of recording are taken.
 */
export const basecamp: Source = { name: "basecamp", receive };

function receive({ inbox, body }: SourceRequest): Received {
  let payload: unknown;
  try {
    payload = parseLossless(body);
  } catch (error) {
    return { kind: "rejected", problem: "malformed_json", detail: `the body ${errorMessage(error)}` };
  }
  const recording = isJsonObject(payload) ? member(payload, "recording") : undefined;
  if (!isJsonObject(payload) || recording === undefined) return rejectShape("field recording is required");
  return isJsonObject(recording)
    ? receiveRecording(inbox, payload, recording)
    : rejectShape("field recording must be an object");
}

function receiveRecording(inbox: string, payload: JsonObject, source: JsonObject): Received {
  const read = readRecording(source);
  if (!read.isValid) {
    const detail = `the recording's ${Object.keys(read.errors).join(", ")} cannot be used`;
    return { kind: "rejected", problem: "invalid_recording", detail, errors: read.errors };
  }
  const document = toDocument({ inbox, payload, source, recording: read.recording });
  return {
    kind: "accepted",
    event: { id: document.event.id, threadKey: document.recording.parentId, document },
    answer: toAnswer(read.recording),
  };
}

function rejectShape(message: string): Received {
  const errors = [{ pointer: "/recording", message }];
  return { kind: "rejected", problem: "invalid_request", detail: message, errors };
}

/** What the service that took these webhooks before answered. */
function toAnswer({ basecamp_id, status, type, url, app_url, title, content }: Recording): string {
  return stringifyLossless({
    data: { basecamp_id: toNumber(basecamp_id), status, type, url, app_url, title, content },
  });
}
