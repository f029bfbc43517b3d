import type { Archive, Call, ChatAnswer, Draft, Outcome } from "./service.ts";
import type { ChatKind, ChatMessage, ChatPing, ChatSimulator, ChatTruncation } from "./types.ts";

/** Everything a simulator remembers of what it was sent. */
export class Ledger implements Archive {
  readonly messages: ChatMessage[] = [];
  readonly updates: ChatMessage[] = [];
  readonly threads = new Map<string, ChatMessage[]>();
  readonly refused: ChatSimulator["refused"] = [];
  readonly dropped: ChatSimulator["dropped"] = [];
  readonly truncated: ChatTruncation[] = [];
  readonly pings: ChatPing[] = [];
  readonly #kind: ChatKind;
  #lastNumber = 0;

  constructor(kind: ChatKind) {
    this.#kind = kind;
  }

  nextNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }

  find(id: string): ChatMessage | undefined {
    return this.messages.find((message) => message.id === id);
  }

  latest(id: string): ChatMessage | undefined {
    return this.updates.findLast((message) => message.id === id) ?? this.find(id);
  }

  hasThread(thread: string): boolean {
    return this.threads.has(thread);
  }

  /** Writes down what became of a request and returns its answer. */
  settle(call: Call, outcome: Outcome): ChatAnswer {
    const { answer } = outcome;
    switch (outcome.result) {
      case "posted":
        this.#post(call, outcome.draft);
        return answer;
      case "updated":
        this.#update(call, outcome.draft);
        return answer;
      case "refused":
        this.refused.push({ at: call.at, status: answer.status, error: outcome.error, rawBody: call.rawBody });
        return answer;
      case "dropped":
        this.dropped.push({ reason: outcome.reason, rawBody: call.rawBody });
        return answer;
    }
  }

  /** Forgets all but the last number. */
  clear(): void {
    for (const list of [this.messages, this.updates, this.refused, this.dropped, this.truncated, this.pings]) {
      list.length = 0;
    }
    this.threads.clear();
  }

  #post(call: Call, draft: Draft): void {
    const isRoot = draft.isRoot ?? (draft.thread === undefined || !this.threads.has(draft.thread));
    const message = this.#toMessage(call, draft, { isRoot, deliveredAs: "post" });
    this.messages.push(message);
    this.#note(draft);
    if (draft.thread !== undefined) this.#openThread(draft.thread, message).push(message);
  }

  #update(call: Call, draft: Draft): void {
    const isRoot = draft.isRoot ?? this.find(draft.id)?.isRoot ?? true;
    this.updates.push(this.#toMessage(call, draft, { isRoot, deliveredAs: "update" }));
    this.#note(draft);
  }

  #note(draft: Draft): void {
    this.pings.push(...(draft.pings ?? []));
    this.truncated.push(...(draft.truncated ?? []));
  }

  // A root is posted before anybody knows that it will be one, so it is put in front with its first answer.
  #openThread(thread: string, message: ChatMessage): ChatMessage[] {
    const known = this.threads.get(thread);
    if (known !== undefined) return known;
    const root = this.find(thread);
    const opened = root === undefined || root === message ? [] : [root];
    this.threads.set(thread, opened);
    return opened;
  }

  #toMessage(call: Call, draft: Draft, rest: Pick<ChatMessage, "isRoot" | "deliveredAs">): ChatMessage {
    const webhookId = call.headers["webhook-id"];
    return {
      kind: this.#kind,
      at: call.at,
      payload: draft.payload,
      texts: draft.texts,
      id: draft.id,
      ...(draft.thread !== undefined && { thread: draft.thread }),
      ...rest,
      ...(typeof webhookId === "string" && { webhookId }),
    };
  }
}
