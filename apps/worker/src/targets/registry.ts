import { discordKind } from "./discord/discord.ts";
import { slackKind } from "./slack/slack.ts";
import type { TargetKind, TargetKindName } from "./target.ts";
import { telegramKind } from "./telegram/telegram.ts";
import { webhookKind } from "./webhook/webhook.ts";

export type TargetKinds = { readonly [K in TargetKindName]: TargetKind<K> };

/** Every kind of target. A new one is a folder and a line here. */
export const targetKinds: Partial<TargetKinds> = {
  webhook: webhookKind,
  slack: slackKind,
  discord: discordKind,
  telegram: telegramKind,
};
