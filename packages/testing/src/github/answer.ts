/** What the simulator answers; `json` undefined means no body, `html` replaces it. */
export interface Answer {
  status: number;
  json?: unknown;
  html?: string;
  headers?: Record<string, string>;
}

const DOCUMENTATION_URL = "https://docs.github.com/rest";

/** An error in GitHub's own shape: message, documentation_url and the status as a string. */
export function toErrorAnswer(status: number, message: string, headers: Record<string, string> = {}): Answer {
  return { status, headers, json: { message, documentation_url: DOCUMENTATION_URL, status: String(status) } };
}

export function toNotFound(): Answer {
  return toErrorAnswer(404, "Not Found");
}

export function toBlocked(): Answer {
  const block = { reason: "dmca", created_at: "2024-01-01T00:00:00Z", html_url: "https://github.com/github/dmca" };
  return { status: 451, json: { message: "Repository access blocked", block } };
}

/** GitHub's HTML refusal of requests without a User-Agent. */
export function toMissingUserAgent(): Answer {
  const text = "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.";
  return { status: 403, html: `<html><head><title>403 Forbidden</title></head><body><p>${text}</p></body></html>\n` };
}
