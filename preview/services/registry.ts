import type { TargetKindName } from "@hookline/contracts";
import { discord } from "./discord.ts";
import { flowdock } from "./flowdock.ts";
import { googlechat } from "./googlechat.ts";
import { mattermost } from "./mattermost.ts";
import { rocketchat } from "./rocketchat.ts";
import type { Service } from "./service.ts";
import { slack } from "./slack.ts";
import { teams } from "./teams.ts";
import { telegram } from "./telegram.ts";
import { webhook } from "./webhook.ts";
import { zulip } from "./zulip.ts";

/** How each kind's messages look where they arrive, in the order of the page. */
export const services = {
  slack,
  discord,
  teams,
  mattermost,
  rocketchat,
  googlechat,
  zulip,
  telegram,
  flowdock,
  webhook,
} as const satisfies Record<TargetKindName, Service>;
