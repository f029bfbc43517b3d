import type { Answer, Client } from "../../../apps/ingest/test/support/client.ts";
import { inTime } from "./fuzz.ts";

const PROBLEM = /^urn:hookline:problem:[a-z_]+$/;

export interface Attempt {
  readonly path: string;
  readonly raw: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** Statuses that a wrong request may be answered with. */
  readonly refusals: readonly number[];
}

/**
 * Posts it and throws what is wrong with the answer: that it came late, is no 202 or 204, or is a refusal which is no
 * problem document of a fitting status.
 */
export async function post(client: Client, { path, raw, headers, refusals }: Attempt): Promise<Answer> {
  const answer = await inTime(() => client.send("POST", path, { raw, headers }));
  const wrong = toComplaint(answer, refusals);
  if (wrong !== undefined) {
    throw new Error(
      `${wrong}: ${answer.status} ${answer.text.slice(0, 500)} to ${JSON.stringify(headers)} ${toText(raw)}`,
    );
  }
  if (({} as Record<string, unknown>).polluted !== undefined)
    throw new Error(`Object.prototype is polluted: ${toText(raw)}`);
  return answer;
}

function toComplaint({ status, headers, body }: Answer, refusals: readonly number[]): string | undefined {
  if (status === 202 || status === 204) return undefined;
  if (!refusals.includes(status)) return "a status that does not fit";
  if (headers["content-type"]?.startsWith("application/problem+json") !== true) return "no problem document";
  const isProblem = body.status === status && PROBLEM.test(String(body.type)) && typeof body.detail === "string";
  return isProblem ? undefined : "a strange problem document";
}

function toText(raw: Uint8Array): string {
  return JSON.stringify(Buffer.from(raw).toString("latin1").slice(0, 2000));
}
