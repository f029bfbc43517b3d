import { parseObject, toObject } from "../json.ts";

/** What a Basecamp event is told with, unchanged, as people's flows have always shown it. */
export interface Recording {
  readonly title: string;
  /** HTML. */
  readonly content: string;
  readonly appUrl: string;
  readonly parentAppUrl: string;
}

/** The recording of a Basecamp document; other documents have none. */
export function readRecording(body: Buffer): Recording | undefined {
  const document = parseObject(body.toString());
  if (document?.type !== "basecamp.recording") return undefined;
  const { title, content, appUrl, parentAppUrl } = toObject(document.recording) ?? {};
  return { title: toText(title), content: toText(content), appUrl: toText(appUrl), parentAppUrl: toText(parentAppUrl) };
}

/** Half a character is no JSON to strict receivers; all else stays as it is. */
function toText(value: unknown): string {
  return typeof value === "string" ? value.replaceAll(/\p{Surrogate}/gu, "\ufffd") : "";
}
