import type { TargetKindName, TargetOptionsOf } from "@hookline/contracts";
import { targetKinds } from "../../../apps/worker/src/targets/registry.ts";
import type { Target, TargetKind } from "../../../apps/worker/src/targets/target.ts";
import { context } from "../../../apps/worker/test/support/chat.ts";

const url = "https://chat.example.com/hooks/1/abc";

/** Every way in which a kind can be configured: the compiler asks for a new kind's. */
const options: { readonly [K in TargetKindName]: readonly TargetOptionsOf<K>[] } = {
  webhook: [{ kind: "webhook", url }],
  slack: [
    { kind: "slack", url },
    { kind: "slack", token: "xoxb-1", channel: "C1" },
  ],
  discord: [
    { kind: "discord", url },
    { kind: "discord", url, forum: true },
  ],
  teams: [{ kind: "teams", url }],
  mattermost: [{ kind: "mattermost", url }],
  rocketchat: [{ kind: "rocketchat", url }],
  googlechat: [{ kind: "googlechat", url }],
  zulip: [
    {
      kind: "zulip",
      url: "https://zulip.example.com",
      email: "bot@example.com",
      apiKey: "key-1",
      stream: "dev",
      topic: "news",
    },
  ],
  telegram: [{ kind: "telegram", token: "1:abc", chatId: "-1" }],
  flowdock: [{ kind: "flowdock", url, flowToken: "flow-1" }],
};

function create<K extends TargetKindName>(kind: K, all: readonly TargetOptionsOf<K>[]): Target[] {
  const registered: TargetKind<K> = targetKinds[kind];
  return all.map((each) => registered.create(each, context));
}

/** A target for each of them, which posts nothing. */
export const targets: readonly Target[] = [
  ...create("webhook", options.webhook),
  ...create("slack", options.slack),
  ...create("discord", options.discord),
  ...create("teams", options.teams),
  ...create("mattermost", options.mattermost),
  ...create("rocketchat", options.rocketchat),
  ...create("googlechat", options.googlechat),
  ...create("zulip", options.zulip),
  ...create("telegram", options.telegram),
  ...create("flowdock", options.flowdock),
];
