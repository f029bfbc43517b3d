import type { Document, TargetKindName, TargetOptionsOf } from "@hookline/contracts";
import { toMessage } from "../apps/worker/src/messages/to-message.ts";
import { targetKinds } from "../apps/worker/src/targets/registry.ts";
import type { Outgoing, Place, Target, TargetKind, TargetRequest } from "../apps/worker/src/targets/target.ts";
import type { Sent } from "./services/service.ts";

type Options = { readonly [K in TargetKindName]: TargetOptionsOf<K> };

/** Each kind as it is set up when it has threads. Nothing is ever sent. */
const options: Options = {
  slack: { kind: "slack", token: "preview", channel: "C0123456789" },
  discord: { kind: "discord", url: "https://discord.example/api/webhooks/1/preview", forum: true },
  teams: { kind: "teams", url: "https://teams.example/workflows/preview" },
  mattermost: { kind: "mattermost", url: "https://mattermost.example/hooks/preview" },
  rocketchat: { kind: "rocketchat", url: "https://rocketchat.example/hooks/preview" },
  googlechat: { kind: "googlechat", url: "https://chat.example/v1/spaces/AAA/messages?key=preview" },
  zulip: { kind: "zulip", url: "https://zulip.example", email: "bot@zulip.example", apiKey: "preview", stream: "code" },
  telegram: { kind: "telegram", token: "preview", chatId: "-1001234567890" },
  flowdock: { kind: "flowdock", url: "https://flowdock.example/messages", flowToken: "preview" },
  webhook: { kind: "webhook", url: "https://example.com/hook" },
};

/** What the kind's target would send. */
export interface Bench {
  readonly hasThreads: boolean;
  /** `isReply`: the day's thread has begun. */
  send(document: Document, isReply?: boolean): Sent;
  /** The thread's first message after it was brought up to date; kinds that cannot have none. */
  update(root: Document, latest: Document): Sent | undefined;
}

export function openTarget<K extends TargetKindName>(kind: K): Bench {
  const target = create(kind);
  return {
    hasThreads: target.threading !== "none",
    send: (document, isReply = false) => {
      const outgoing = toOutgoing(document);
      const place = toPlace(target, outgoing, isReply);
      return toSent(target.toRequest(outgoing, { now: new Date(document.timestamp), place }));
    },
    update: (root, latest) => {
      const request = target.toRootUpdate?.(toOutgoing(root), toOutgoing(latest), "1");
      return request && toSent(request);
    },
  };
}

function create<K extends TargetKindName>(kind: K): Target {
  const found: TargetKind<K> = targetKinds[kind];
  return found.create(options[kind], {
    name: "preview",
    isFromRequest: false,
    limits: { ...found.defaults, timeoutMs: 1000 },
    inboxToken: () => "preview",
  });
}

function toPlace(target: Target, outgoing: Outgoing, isReply: boolean): Place {
  if (target.threading === "none" || outgoing.message.thread === undefined) return { role: "alone" };
  return isReply ? { role: "reply", ref: target.toThreadRef?.(outgoing) ?? "1" } : { role: "root" };
}

function toOutgoing(document: Document): Outgoing {
  return {
    deliveryId: `${document.id}-preview`,
    body: Buffer.from(JSON.stringify(document)),
    message: toMessage(document, { timeZone: "UTC" }),
    day: document.timestamp.slice(0, 10),
    inbox: document.type === "basecamp.recording" ? document.inbox : undefined,
  };
}

function toSent({ url, headers, body }: TargetRequest): Sent {
  const text = body.toString();
  const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
  const payload: unknown = isForm ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text);
  return { url, payload, bytes: body.length };
}
