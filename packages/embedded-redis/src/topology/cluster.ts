import { findClusterPorts, type NodeGroup, type TopologyNode } from "./node.ts";
import { type RedisGroup, type RedisGroupOptions, startGroup, until } from "./redis-group.ts";
import { command, field } from "./reply.ts";
import { FAST_SYNC } from "./sentinel.ts";

const MASTERS = 3;
const REPLICAS = 3;
const SLOTS = 16_384;
/** A node that is silent for longer counts as failed. Longer than a busy machine's pauses. */
const NODE_TIMEOUT_MS = 1500;

/** Starts a Redis Cluster of three masters with a replica each, and waits until all nodes agree that it is well. */
export function startClusterRedis(options: RedisGroupOptions): Promise<RedisGroup> {
  return startGroup(options, start);
}

async function start(group: NodeGroup): Promise<RedisGroup> {
  const ports = await findClusterPorts(MASTERS + REPLICAS);
  const settings = [
    ...FAST_SYNC,
    ...["--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf"],
    ...["--cluster-node-timeout", String(NODE_TIMEOUT_MS)],
  ];
  const nodes = await Promise.all(ports.map((port) => group.startServer(port, settings)));
  await join(nodes);
  return {
    kind: "cluster",
    env: { REDIS_CLUSTER_NODES: ports.map((port) => `127.0.0.1:${port}`).join(",") },
    async killMaster(key, signal = "SIGKILL") {
      const port = await findOwner(nodes, key);
      await nodes.find((node) => node.port === port)?.fail(signal);
    },
    async revive() {
      await Promise.all(nodes.map((node) => node.revive()));
      await untilWell(nodes);
    },
    stop: () => group.stop(),
  };
}

/** What `redis-cli --cluster create` does, which is not everywhere that a server is. */
async function join(nodes: readonly TopologyNode[]): Promise<void> {
  const masters = nodes.slice(0, MASTERS);
  const [first] = masters;
  await Promise.all(nodes.map(({ port }, index) => command(port, `CLUSTER SET-CONFIG-EPOCH ${index + 1}`)));
  await Promise.all(masters.map(({ port }, index) => command(port, `CLUSTER ADDSLOTS ${toSlots(index).join(" ")}`)));
  for (const { port } of nodes.slice(1)) await command(first?.port ?? 0, `CLUSTER MEET 127.0.0.1 ${port}`);
  await Promise.all(nodes.map((node) => untilAllKnown(node, nodes.length)));
  await Promise.all(nodes.slice(MASTERS).map((node, index) => follow(node, masters[index])));
  await untilWell(nodes);
}

/** As the nodes were given them: a third each. */
function toSlots(master: number): number[] {
  const [first, next] = [master, master + 1].map((index) => Math.round((index * SLOTS) / MASTERS));
  return Array.from({ length: (next ?? 0) - (first ?? 0) }, (_, index) => (first ?? 0) + index);
}

async function untilAllKnown({ port }: TopologyNode, count: number): Promise<void> {
  await until("every node knows all others", async () => {
    const lines = (await command(port, "CLUSTER NODES")).split("\n").filter((line) => line.trim() !== "");
    return lines.length === count && !lines.some((line) => line.includes("handshake"));
  });
}

async function follow(replica: TopologyNode, master: TopologyNode | undefined): Promise<void> {
  const id = await command(master?.port ?? 0, "CLUSTER MYID");
  await until("a replica follows its master", async () => {
    return (await command(replica.port, `CLUSTER REPLICATE ${id}`)) === "OK";
  });
}

async function untilWell(nodes: readonly TopologyNode[]): Promise<void> {
  await until("every node of the Cluster is well", async () => {
    const states = await Promise.all(nodes.map(isWell));
    return states.every((isOne) => isOne);
  });
}

async function isWell({ port }: TopologyNode): Promise<boolean> {
  const [cluster, replication] = await Promise.all([command(port, "CLUSTER INFO"), command(port, "INFO replication")]);
  const isLinked =
    field(replication, "role") === "master"
      ? replication.includes("state=online")
      : field(replication, "master_link_status") === "up";
  return isLinked && field(cluster, "cluster_state") === "ok" && field(cluster, "cluster_known_nodes") === "6";
}

async function findOwner(nodes: readonly TopologyNode[], key: string): Promise<number> {
  const [asked] = nodes.filter(({ isRunning }) => isRunning);
  const port = asked?.port ?? 0;
  const slot = Number(await command(port, `CLUSTER KEYSLOT ${key}`));
  const masters = (await command(port, "CLUSTER NODES")).split("\n").map(toMaster);
  const owner = masters.find((master) => master?.ranges.some(([first, last]) => first <= slot && slot <= last));
  if (owner === undefined) throw new Error(`no master has slot ${slot}`);
  return owner.port;
}

/** A line of `CLUSTER NODES`: id, address, flags, master, two times, epoch, link, then the slots. */
function toMaster(line: string): { port: number; ranges: [number, number][] } | undefined {
  const [, address = "", flags = "", , , , , , ...slots] = line.trim().split(" ");
  if (!flags.includes("master") || flags.includes("fail")) return undefined;
  const ranges = slots.map((range): [number, number] => {
    const [first = "", last = first] = range.split("-");
    return [Number(first), Number(last)];
  });
  const [ownAddress = ""] = address.split("@");
  return { port: Number(ownAddress.slice(ownAddress.lastIndexOf(":") + 1)), ranges };
}
