import type { TargetConfig } from "@hookline/contracts";
import { type ChatKind, type ChatSimulator, startChatSimulator, startReceiver } from "@hookline/testing";
import { targetKinds } from "../../src/targets/registry.ts";
import type { Target, TargetKind, TargetKindName, TargetOptionsOf } from "../../src/targets/target.ts";
import { context } from "./chat.ts";

/** A place to post to, as strict as the service is, and a target that is configured for it. */
export interface TargetCase {
  readonly name: string;
  readonly target: Target;
  readonly config: TargetConfig;
  readonly chat: ChatSimulator | undefined;
  /** What must never be shown. */
  readonly secrets: readonly string[];
  reset(): void;
  stop(): Promise<void>;
}

const SECRET = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;

function create<K extends TargetKindName>(kind: K, options: TargetOptionsOf<K>): Target {
  const registered: TargetKind<K> = targetKinds[kind];
  return registered.create(options, context);
}

/** Every way in which a kind can be configured: the compiler asks for a new kind's. */
export const targetCases: Record<TargetKindName, readonly (() => Promise<TargetCase>)[]> = {
  webhook: [openWebhook],
  slack: [
    () => openChat("slack", ({ target }) => ({ kind: "slack", ...target })),
    () => openChat("slack", ({ botTarget }) => ({ kind: "slack", ...botTarget })),
  ],
  discord: [
    () => openChat("discord", ({ target }) => ({ kind: "discord", url: target.url ?? "" })),
    () => openChat("discord", ({ target }) => ({ kind: "discord", url: target.url ?? "", forum: true }), true),
  ],
  teams: [() => openChat("teams", ({ target }) => ({ kind: "teams", url: target.url ?? "" }))],
  mattermost: [() => openChat("mattermost", ({ target }) => ({ kind: "mattermost", url: target.url ?? "" }))],
  rocketchat: [() => openChat("rocketchat", ({ target }) => ({ kind: "rocketchat", url: target.url ?? "" }))],
  googlechat: [() => openChat("googlechat", ({ target }) => ({ kind: "googlechat", url: target.url ?? "" }))],
  zulip: [() => openChat("zulip", ({ target }) => ({ kind: "zulip", ...target }) as TargetOptionsOf<"zulip">)],
  telegram: [
    () => openChat("telegram", ({ target }) => ({ kind: "telegram", ...target }) as TargetOptionsOf<"telegram">),
  ],
  flowdock: [() => openChat("flowdock", ({ target }) => ({ kind: "flowdock", url: "", ...target }))],
};

async function openWebhook(): Promise<TargetCase> {
  const receiver = await startReceiver({ secret: SECRET });
  const config = { kind: "webhook", url: `${receiver.url}/hook`, secret: SECRET } as const;
  const target = create("webhook", config);
  const reset = () => receiver.reset();
  return { name: "webhook", target, config, chat: undefined, secrets: [SECRET], reset, stop: () => receiver.stop() };
}

async function openChat(
  kind: ChatKind,
  toOptions: (simulator: ChatSimulator) => TargetConfig,
  isForum = false,
): Promise<TargetCase> {
  const simulator = await startChatSimulator({ kind, isForum });
  const options = toOptions(simulator);
  const target = create(kind, options as TargetOptionsOf<ChatKind>);
  const { secrets, reset, stop } = simulator;
  return {
    name: kind,
    target,
    config: options,
    chat: simulator,
    secrets,
    reset: reset.bind(simulator),
    stop: stop.bind(simulator),
  };
}
