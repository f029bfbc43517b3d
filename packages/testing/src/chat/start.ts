import { createDiscord } from "./discord/service.ts";
import { createFlowdock } from "./flowdock/service.ts";
import { createGoogleChat } from "./googlechat/service.ts";
import { createMattermost } from "./mattermost/service.ts";
import { createRocketChat } from "./rocketchat/service.ts";
import type { ServiceFactory } from "./service.ts";
import { RunningSimulator } from "./simulator.ts";
import { createSlack } from "./slack/service.ts";
import { createTeams } from "./teams/service.ts";
import { createTelegram } from "./telegram/service.ts";
import type { ChatKind, ChatSimulator, ChatSimulatorOptions } from "./types.ts";
import { createZulip } from "./zulip/service.ts";

const services = {
  slack: createSlack,
  discord: createDiscord,
  teams: createTeams,
  mattermost: createMattermost,
  rocketchat: createRocketChat,
  googlechat: createGoogleChat,
  zulip: createZulip,
  telegram: createTelegram,
  flowdock: createFlowdock,
} satisfies Record<ChatKind, ServiceFactory>;

/** Starts a chat service that refuses what the real one refuses, on a free local port by default. */
export async function startChatSimulator(options: ChatSimulatorOptions): Promise<ChatSimulator> {
  const { isForum = false, token } = options;
  const service = services[options.kind]({ isForum, ...(token !== undefined && { token }) });
  const simulator = new RunningSimulator(service, options);
  await simulator.start();
  return simulator;
}
