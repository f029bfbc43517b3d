import { createHash } from "node:crypto";
import type { Answer } from "./answer.ts";
import type { Call } from "./call.ts";

/** Adds the weak ETag of body and credential to a 200, or turns it into a 304 without body and Link when the client has it. */
export function toConditional(answer: Answer, call: Call): Answer {
  if (answer.status !== 200 || call.method !== "GET") return answer;
  const etag = toEtag(JSON.stringify(answer.json), call.identity.credential);
  if (isMatch(call.ifNoneMatch, etag)) return { status: 304, headers: { etag } };
  return { ...answer, headers: { ...answer.headers, etag } };
}

function toEtag(body: string, credential: string): string {
  return `W/"${createHash("sha256").update(credential).update("\n").update(body).digest("hex")}"`;
}

function isMatch(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const candidates = ifNoneMatch.split(",").map((candidate) => candidate.trim());
  return candidates.some((candidate) => candidate === "*" || toStrong(candidate) === toStrong(etag));
}

function toStrong(etag: string): string {
  return etag.replace(/^W\//, "");
}
