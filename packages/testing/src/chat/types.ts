import type { IncomingHttpHeaders } from "node:http";

export const chatKinds = [
  "slack",
  "discord",
  "teams",
  "mattermost",
  "rocketchat",
  "googlechat",
  "zulip",
  "telegram",
  "flowdock",
] as const;

export type ChatKind = (typeof chatKinds)[number];

/** One message as the service took it. */
export interface ChatMessage {
  kind: ChatKind;
  /** Arrival, ms since the epoch. */
  at: number;
  /** The decoded request. */
  payload: Record<string, unknown>;
  /** What a person would read, in order, markup decoded as far as that is simple. */
  texts: string[];
  id: string;
  /** Root id, topic, thread key or thread id; absent outside of threads. */
  thread?: string;
  isRoot: boolean;
  deliveredAs: "post" | "update";
  /** The request's `webhook-id` header. */
  webhookId?: string;
}

/** How requests are answered instead of by the service's rules. */
export interface ChatFault {
  /** Default 200 where there is a body. The message is not taken. */
  status?: number;
  body?: string;
  headers?: Record<string, string>;
  /** The answer is this late, ms. Alone, it leaves the message taken at once: a client that gives up has posted it all the same. */
  delayMs?: number;
  /** There is no answer, ever, and the message is not taken. */
  hang?: boolean;
  /** The connection is broken off, and the message is not taken. */
  reset?: boolean;
  /** The service's own way of saying "come back in n seconds". */
  rateLimitedSeconds?: number;
  /** The service's own way of saying that webhook, channel or bot are no more. */
  gone?: boolean;
  /** For the next n requests; left out: until another fault is set or faults are cleared. */
  times?: number;
}

export interface ChatRequest {
  at: number;
  method: string;
  /** With the query. */
  path: string;
  /** What it was answered; 0 while there is no answer. */
  status: number;
  headers: IncomingHttpHeaders;
  rawBody: Buffer;
}

/** What would have notified people. */
export interface ChatPing {
  text: string;
  /** Where in the payload, such as `blocks[0].text.text`. */
  where: string;
}

/** Something the service cut without a word; `length` is what was sent. */
export interface ChatTruncation {
  what: string;
  length: number;
}

/** A strict stand-in for one chat service. Made by `startChatSimulator`. */
export interface ChatSimulator {
  readonly kind: ChatKind;
  /** Base URL, without a path. */
  readonly url: string;
  /** The options a target of this kind takes in the project file. */
  readonly target: Record<string, string>;
  /** slack: the options of a target that posts as a bot. */
  readonly botTarget?: Record<string, string> | undefined;
  /** discord, telegram: the id of a thread that exists before anything is posted. */
  readonly existingThread?: string | undefined;
  /** Tokens and paths that must never be shown. */
  readonly secrets: readonly string[];
  readonly requests: ChatRequest[];
  /** Posts taken and shown, in order, without updates. */
  readonly messages: ChatMessage[];
  readonly updates: ChatMessage[];
  /** By thread, the root first. */
  readonly threads: Map<string, ChatMessage[]>;
  /** What the service's own rules refused; answers of faults are not in here. */
  readonly refused: { at: number; status: number; error: string; rawBody: Buffer }[];
  /** Accepted by the service and never shown. */
  readonly dropped: { reason: string; rawBody: Buffer }[];
  readonly truncated: ChatTruncation[];
  readonly pings: ChatPing[];
  /** Sets how requests are answered. Faults with `times` are used up in the order in which they were set. */
  fault(fault: ChatFault): void;
  clearFaults(): void;
  /** Forgets messages, threads, requests and faults. Ids are never given twice. */
  reset(): void;
  stop(): Promise<void>;
  /** Waits until `count` posts are taken and returns all of them; rejects after `timeoutMs` (default 10,000). */
  waitFor(count: number, timeoutMs?: number): Promise<ChatMessage[]>;
}

export interface ChatSimulatorOptions {
  kind: ChatKind;
  /** Default: a free one. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Refuse what comes faster than the service allows. Default false. */
  enforceRate?: boolean;
  /** discord: the webhook belongs to a forum channel. Default false. */
  isForum?: boolean;
  /** The secret of the service: bot token, API key, webhook token, flow token. */
  token?: string;
  /** Default `Date.now`. */
  now?: () => number;
}
