import type { ChatAnswer, Outcome } from "./service.ts";

export function json(status: number, value: unknown, headers: Record<string, string> = {}): ChatAnswer {
  return {
    status,
    body: JSON.stringify(value),
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  };
}

export function plain(status: number, body: string, headers: Record<string, string> = {}): ChatAnswer {
  return { status, body, headers: { "content-type": "text/plain; charset=utf-8", ...headers } };
}

export function refuse(error: string, answer: ChatAnswer): Outcome {
  return { result: "refused", error, answer };
}
