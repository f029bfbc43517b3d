import type { Call, ChatAnswer, ChatService } from "./service.ts";
import type { ChatFault } from "./types.ts";

/** The faults set on a simulator, used up in order. */
export class Faults {
  #queue: { fault: ChatFault; left: number }[] = [];

  set(fault: ChatFault): void {
    // Nothing would ever come after an endless one.
    this.#queue = this.#queue.filter(({ left }) => Number.isFinite(left));
    const headers = lowerCase(fault.headers);
    this.#queue.push({ fault: { ...fault, headers }, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#queue = [];
  }

  take(): ChatFault | undefined {
    const next = this.#queue[0];
    if (next === undefined) return undefined;
    next.left -= 1;
    if (next.left <= 0) this.#queue.shift();
    return next.fault;
  }
}

/** The answer a fault asks for; `undefined` when the service itself is to answer. */
export function toFaultAnswer(fault: ChatFault, call: Call, service: ChatService): ChatAnswer | undefined {
  const answer = toOwnAnswer(fault, call, service);
  return answer === undefined ? undefined : { ...answer, headers: { ...answer.headers, ...fault.headers } };
}

function toOwnAnswer(fault: ChatFault, call: Call, service: ChatService): ChatAnswer | undefined {
  if (fault.gone) return service.toGone(call);
  if (fault.rateLimitedSeconds !== undefined) return service.toRateLimited(call, fault.rateLimitedSeconds);
  if (fault.status === undefined && fault.body === undefined) return undefined;
  return { status: fault.status ?? 200, body: fault.body ?? "", headers: { "content-type": "text/plain" } };
}

function lowerCase(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
