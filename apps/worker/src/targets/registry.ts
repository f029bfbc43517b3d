import { discordKind } from "./discord/discord.ts";
import { flowdockKind } from "./flowdock/flowdock.ts";
import { googlechatKind } from "./googlechat/googlechat.ts";
import { mattermostKind } from "./mattermost/mattermost.ts";
import { rocketchatKind } from "./rocketchat/rocketchat.ts";
import { slackKind } from "./slack/slack.ts";
import type { TargetKind, TargetKindName } from "./target.ts";
import { teamsKind } from "./teams/teams.ts";
import { telegramKind } from "./telegram/telegram.ts";
import { webhookKind } from "./webhook/webhook.ts";
import { zulipKind } from "./zulip/zulip.ts";

export type TargetKinds = { readonly [K in TargetKindName]: TargetKind<K> };

/** Every kind of target. A new one is a folder and a line here. */
export const targetKinds: TargetKinds = {
  webhook: webhookKind,
  slack: slackKind,
  discord: discordKind,
  teams: teamsKind,
  mattermost: mattermostKind,
  rocketchat: rocketchatKind,
  googlechat: googlechatKind,
  zulip: zulipKind,
  telegram: telegramKind,
  flowdock: flowdockKind,
};
