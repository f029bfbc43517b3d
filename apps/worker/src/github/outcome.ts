import { PermanentError, TemporaryError } from "@hookline/runtime";
import type { RawAnswer } from "./http.ts";
import { isRecord, parseJson } from "./json.ts";

/** What an answer means, once limits have been dealt with. */
export type Outcome =
  | { readonly kind: "ok"; readonly json: unknown }
  | { readonly kind: "not_modified" }
  | { readonly kind: "redirect"; readonly location: string | undefined }
  | { readonly kind: "refused"; readonly error: PermanentError | TemporaryError };

const REDIRECTS = [301, 302, 307, 308];

/** Sorts an answer by its status, as GitHub's "Troubleshooting the REST API" describes them. */
export function toOutcome(answer: RawAnswer): Outcome {
  if (answer.status === 200) return toOk(answer);
  if (answer.status === 304) return { kind: "not_modified" };
  if (REDIRECTS.includes(answer.status)) return { kind: "redirect", location: answer.headers.location };
  return { kind: "refused", error: toRefusal(answer) };
}

/** GitHub's own words in an error's body, shortened; `undefined` when the body is not GitHub's JSON. */
export function toMessage(body: string): string | undefined {
  const json = parseJson(body)?.value;
  return isRecord(json) && typeof json.message === "string" ? json.message.slice(0, 200) : undefined;
}

function toOk({ body }: RawAnswer): Outcome {
  const json = parseJson(body);
  return json === undefined
    ? { kind: "refused", error: new TemporaryError("github_unavailable", "GitHub's answer is not JSON") }
    : { kind: "ok", json: json.value };
}

function toRefusal({ status, body }: RawAnswer): PermanentError | TemporaryError {
  const message = toMessage(body);
  switch (status) {
    case 401:
      return new PermanentError("bad_credentials", "GitHub does not accept API_TOKEN");
    case 404:
      return new PermanentError("repository_not_found", "GitHub knows no such repository, or it is hidden from us");
    case 451:
      return new PermanentError("repository_unavailable", "GitHub withholds the repository for legal reasons");
    case 403:
      // Not GitHub's JSON: something between us and GitHub answered.
      if (message === undefined) break;
      return new PermanentError("repository_forbidden", `GitHub refuses access: ${message}`);
  }
  return new TemporaryError("github_unavailable", `GitHub answered ${status}${message ? `: ${message}` : ""}`);
}
