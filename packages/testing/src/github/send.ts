import type { ServerResponse } from "node:http";
import type { Answer } from "./answer.ts";
import type { Fault } from "./faults.ts";

const CUT_JSON = '[{"id": 1, "title": "cut he';
let lastRequestId = 0;

/** Writes an answer with the headers that GitHub gives to each. */
export function send(response: ServerResponse, answer: Answer): void {
  const body = answer.html ?? (answer.json === undefined ? undefined : JSON.stringify(answer.json));
  const type = answer.html === undefined ? "application/json; charset=utf-8" : "text/html; charset=utf-8";
  response.writeHead(answer.status, {
    server: "github.com",
    "cache-control": "private, max-age=60, s-maxage=60",
    vary: "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With",
    "x-github-media-type": "github.v3; format=json",
    "x-github-request-id": `HOOK:${(++lastRequestId).toString(16).toUpperCase().padStart(8, "0")}`,
    ...(body !== undefined && { "content-type": type, "content-length": String(Buffer.byteLength(body)) }),
    ...answer.headers,
  });
  response.end(body);
}

/** Plays a fault that replaces the answer; `headers` are the rate-limit headers a real answer would have. */
export function sendFault(response: ServerResponse, fault: Fault, headers: Record<string, string>): void {
  switch (fault.kind) {
    case "delay":
    case "hang":
      return;
    case "reset":
      response.destroy();
      return;
    case "truncate":
      truncate(response, headers);
      return;
    case "html":
      send(response, { status: 200, html: "<!DOCTYPE html><html><body>Unicorn!</body></html>", headers });
      return;
    case "invalid-json":
      sendText(response, { status: 200, body: CUT_JSON, headers });
      return;
    case "redirect":
      send(response, { status: fault.status ?? 302, headers: { ...headers, location: fault.location } });
      return;
    case "status":
      sendText(response, { ...fault, body: fault.body ?? "", headers: { ...headers, ...fault.headers } });
      return;
  }
}

interface TextAnswer {
  status: number;
  body: string;
  headers: Record<string, string>;
}

function sendText(response: ServerResponse, { status, body, headers }: TextAnswer): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...lowerCase(headers) });
  response.end(body);
}

function truncate(response: ServerResponse, headers: Record<string, string>): void {
  const length = String(CUT_JSON.length + 1000);
  response.writeHead(200, { "content-type": "application/json; charset=utf-8", ...headers, "content-length": length });
  // Only once the first part has left, or the client would see a reset before the head.
  response.write(CUT_JSON, () => response.destroy());
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
