import type { IncomingHttpHeaders } from "node:http";
import type { ChatMessage, ChatPing, ChatTruncation } from "./types.ts";

/** A request to a simulated service. */
export interface Call {
  at: number;
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  rawBody: Buffer;
}

export interface ChatAnswer {
  status: number;
  body: string;
  headers: Record<string, string>;
}

/** A message as a service understood it. */
export interface Draft {
  payload: Record<string, unknown>;
  texts: string[];
  id: string;
  thread?: string;
  /** Default: whether it is the first of its thread. */
  isRoot?: boolean;
  pings?: ChatPing[];
  truncated?: ChatTruncation[];
}

/** What became of a request. */
export type Outcome =
  | { result: "posted"; answer: ChatAnswer; draft: Draft }
  | { result: "updated"; answer: ChatAnswer; draft: Draft }
  | { result: "refused"; answer: ChatAnswer; error: string }
  | { result: "dropped"; answer: ChatAnswer; reason: string };

/** What a service may know of the messages taken so far. */
export interface Archive {
  /** Counts up from 1 and never repeats. */
  nextNumber(): number;
  /** A posted message. */
  find(id: string): ChatMessage | undefined;
  /** The newest state of a message: its last update, or itself. */
  latest(id: string): ChatMessage | undefined;
  hasThread(thread: string): boolean;
}

/** How many requests a service takes in which time. */
export interface RateLimit {
  count: number;
  perMs: number;
}

/** What each kind implements. */
export interface ChatService {
  toTarget(baseUrl: string): Record<string, string>;
  toBotTarget?(baseUrl: string): Record<string, string>;
  readonly existingThread?: string;
  readonly secrets: readonly string[];
  readonly rate?: RateLimit;
  handle(call: Call, archive: Archive): Outcome;
  /** The service's answer to a caller that is too fast. */
  toRateLimited(call: Call, seconds: number): ChatAnswer;
  /** The service's answer once webhook, channel or bot are gone. */
  toGone(call: Call): ChatAnswer;
}

export interface ServiceOptions {
  isForum: boolean;
  token?: string;
}

export type ServiceFactory = (options: ServiceOptions) => ChatService;
