import { findFreePorts, type NodeGroup, type TopologyNode } from "./node.ts";
import { type RedisGroup, type RedisGroupOptions, startGroup, until } from "./redis-group.ts";
import { command, field } from "./reply.ts";

const NAME = "hookline";
const SENTINELS = 3;
const REPLICAS = 2;
/** Longer than a busy machine's pauses, and as short as that allows. */
const DOWN_AFTER_MS = 1000;
const FAILOVER_TIMEOUT_MS = 5000;

/** Starts a master, two replicas and three sentinels, and waits until the sentinels know each other and the replicas. */
export function startSentinelRedis(options: RedisGroupOptions): Promise<RedisGroup> {
  return startGroup(options, start);
}

async function start(group: NodeGroup): Promise<RedisGroup> {
  const ports = await findFreePorts(1 + REPLICAS + SENTINELS);
  const [masterPort = 0, ...others] = ports;
  const replicaPorts = others.slice(0, REPLICAS);
  const sentinelPorts = others.slice(REPLICAS);
  const master = await group.startServer(masterPort, FAST_SYNC);
  const follow = ["--replicaof", "127.0.0.1", String(masterPort)];
  const replicas = await Promise.all(replicaPorts.map((port) => group.startServer(port, [...FAST_SYNC, ...follow])));
  const servers = [master, ...replicas];
  await untilFollowed(servers, masterPort);
  await Promise.all(sentinelPorts.map((port) => group.startSentinel(port, toSettings(masterPort))));
  await Promise.all(sentinelPorts.map(untilWatching));
  const findMaster = () => readMasterPort(sentinelPorts);
  return {
    kind: "sentinel",
    env: {
      REDIS_SENTINELS: sentinelPorts.map((port) => `127.0.0.1:${port}`).join(","),
      REDIS_SENTINEL_NAME: NAME,
    },
    async killMaster(_key, signal = "SIGKILL") {
      const port = await findMaster();
      await servers.find((server) => server.port === port)?.fail(signal);
    },
    async revive() {
      await Promise.all(servers.map((server) => server.revive()));
      await until("every replica follows the master", async () => isFollowed(servers, await findMaster()));
    },
    stop: () => group.stop(),
  };
}

/** A copy for a new replica is sent at once, not after the five seconds in which others might ask for it too. */
export const FAST_SYNC = ["--repl-diskless-sync-delay", "0"];

function toSettings(masterPort: number): string[] {
  return [
    `sentinel monitor ${NAME} 127.0.0.1 ${masterPort} 2`,
    `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${NAME} ${FAILOVER_TIMEOUT_MS}`,
    `sentinel parallel-syncs ${NAME} ${REPLICAS}`,
  ];
}

async function untilFollowed(servers: readonly TopologyNode[], masterPort: number): Promise<void> {
  await until("every replica follows the master", () => isFollowed(servers, masterPort));
}

async function isFollowed(servers: readonly TopologyNode[], masterPort: number): Promise<boolean> {
  const replication = await command(masterPort, "INFO replication");
  const online = replication.match(/state=online/g)?.length ?? 0;
  return field(replication, "role") === "master" && online === servers.length - 1;
}

async function untilWatching(port: number): Promise<void> {
  await until("the sentinels know each other and the replicas", async () => {
    const info = await command(port, "INFO sentinel");
    return info.includes("status=ok") && info.includes(`slaves=${REPLICAS},sentinels=${SENTINELS}`);
  });
}

async function readMasterPort([sentinel = 0]: readonly number[]): Promise<number> {
  const answer = await command(sentinel, `SENTINEL GET-MASTER-ADDR-BY-NAME ${NAME}`);
  return Number(answer.trimEnd().split("\r\n").at(-1));
}
