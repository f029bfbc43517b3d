/** An answer in all its forms. */
export interface PostedAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** Absent where the answer is no JSON. */
  json?: unknown;
}

export interface PostOptions {
  method?: string;
  headers?: Record<string, string>;
}

/** Posts a value as JSON, or a string or form as it is, and reads the whole answer. */
export async function postJson(url: string, body: unknown, options: PostOptions = {}): Promise<PostedAnswer> {
  const isRaw = typeof body === "string" || body instanceof URLSearchParams;
  const type =
    body instanceof URLSearchParams ? "application/x-www-form-urlencoded" : "application/json; charset=utf-8";
  const response = await fetch(url, {
    method: options.method ?? "POST",
    headers: { "content-type": type, ...options.headers },
    body: isRaw ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, ...toJson(text) };
}

function toJson(text: string): { json?: unknown } {
  try {
    return { json: JSON.parse(text) };
  } catch {
    // Plain text is an answer too.
    return {};
  }
}
