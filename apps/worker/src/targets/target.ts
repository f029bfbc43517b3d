import type { TargetConfig, TargetKindName, TargetOptionsOf } from "@hookline/contracts";
import type { LaneLimits } from "@hookline/queue";
import type { Message } from "../messages/message.ts";

export type { Author, Fact, Item, Message, Section, Status } from "../messages/message.ts";
export type { Block, Inline, RichText } from "../messages/rich-text.ts";

/** What is to be posted: the same at every attempt. */
export interface Outgoing {
  readonly deliveryId: string;
  /** The document as JSON: what a webhook receives. */
  readonly body: Buffer;
  /** The document as people read it. */
  readonly message: Message;
  /** The day, in TZ, on which the message belongs to its thread: YYYY-MM-DD. */
  readonly day: string | undefined;
  /** The name of the Basecamp inbox that it came in by. */
  readonly inbox: string | undefined;
}

/** Where in the day's thread a message goes. */
export type Place =
  | { readonly role: "alone" }
  /** The first of its thread; what it is called by is learnt from the answer. */
  | { readonly role: "root" }
  | { readonly role: "reply"; readonly ref: string };

/** A request to a target, built without I/O. */
export interface TargetRequest {
  /** Default POST. */
  readonly method?: "POST" | "PATCH";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The first 16 KiB. */
  readonly body: string;
  readonly isTruncated: boolean;
}

/** What an answer means. `threadRef` is what replies are posted to, told by the answer to a root. */
export type Reading =
  | { readonly kind: "delivered"; readonly threadRef?: string | undefined }
  | { readonly kind: "refused"; readonly detail: string }
  | { readonly kind: "retry_later"; readonly waitMs: number }
  | { readonly kind: "gone"; readonly detail: string };

/**
 * How a kind threads: not at all; `named`, where the request itself names the thread; or `rooted`, where replies
 * need what the answer to the root told.
 */
export type Threading = "none" | "named" | "rooted";

/** A configured place to post, ready to be used. Pure: it builds requests and reads answers. */
export interface Target {
  readonly name: string;
  readonly kind: TargetKindName;
  /** Whether a request supplied it: then private addresses are refused. */
  readonly isFromRequest: boolean;
  readonly limits: LaneLimits;
  readonly threading: Threading;
  /** Builds the request for one attempt, at `now`. Never cuts what it did not measure: the service's limits hold. */
  toRequest(outgoing: Outgoing, context: { readonly now: Date; readonly place: Place }): TargetRequest;
  /** Builds the request that shows `latest`'s title and status in the root, which `root` made; kinds that cannot have none. */
  toRootUpdate?(root: Outgoing, latest: Outgoing, ref: string): TargetRequest;
  /** Kinds that name the thread themselves tell the name here; it is kept for the day's replies. */
  toThreadRef?(outgoing: Outgoing): string;
  /** What the service's own way of answering means; `undefined` leaves it to HTTP's status. */
  read(answer: Answer): Reading | undefined;
}

export interface TargetContext {
  readonly name: string;
  readonly isFromRequest: boolean;
  readonly limits: LaneLimits;
  /** The token of a Basecamp inbox by its name, for targets that pass it on. */
  readonly inboxToken: (inbox: string) => string | undefined;
}

/** One kind of target: a folder of its own, listed in the registry. */
export interface TargetKind<K extends TargetKindName> {
  readonly kind: K;
  /** Unless the configuration says otherwise. The service's published limit, or less. */
  readonly defaults: Pick<LaneLimits, "intervalMs" | "maxInFlight">;
  /** @throws Error that says what is wrong with the options, never showing a secret. */
  create(options: TargetOptionsOf<K>, context: TargetContext): Target;
}

export type { TargetConfig, TargetKindName, TargetOptionsOf };
