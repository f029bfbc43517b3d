/** What is posted: already rendered, so that every attempt sends the same bytes. */
export interface OutgoingMessage {
  readonly deliveryId: string;
  readonly body: Buffer;
}

/** A request to a target, built without I/O. */
export interface TargetRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A configured place to post, ready to be used. */
export interface Target {
  readonly name: string;
  readonly kind: TargetKindName;
  /** Whether a request supplied it: then private addresses are refused. */
  readonly isFromRequest: boolean;
  /** Builds the request for one attempt, at `now`. */
  toRequest(message: OutgoingMessage, now: Date): TargetRequest;
  /** Why a 2xx answer is a failure all the same (some services say `ok: false` inside a 200). */
  toRefusal(answerBody: string): string | undefined;
}

export type TargetKindName = "webhook";

/** One kind of target: a folder of its own, listed in the registry. */
export interface TargetKind {
  readonly kind: TargetKindName;
  create(options: { name: string; url: URL; isFromRequest: boolean; signingSecrets: readonly string[] }): Target;
}
