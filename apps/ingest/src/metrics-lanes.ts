import { type LaneState, type RedisConnection, readLane } from "@hookline/queue";
import type { Keys } from "@hookline/runtime";
import { Gauge, type Registry } from "prom-client";

const LANE_STATES = ["sending", "paused", "breaker_open", "breaker_half_open", "disabled"] as const;

export interface LaneGaugesOptions {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly targets: readonly string[];
}

/** The lanes of the configured targets, as Redis has them: one read a scrape serves both gauges. */
export function addLaneGauges(registry: Registry, options: LaneGaugesOptions): void {
  let reading: ReturnType<typeof readLanes> | undefined;
  const read = () => {
    reading ??= readLanes(options).finally(() => {
      reading = undefined;
    });
    return reading;
  };
  new Gauge({
    name: "hookline_lane_state",
    help: "1 for the state that a configured target's lane is in.",
    labelNames: ["target", "state"],
    registers: [registry],
    async collect() {
      const lanes = await read();
      this.reset();
      for (const [target, lane] of lanes) {
        const current = toLaneState(lane);
        for (const state of LANE_STATES) this.set({ target, state }, state === current ? 1 : 0);
      }
    },
  });
  new Gauge({
    name: "hookline_lane_deliveries",
    help: "Deliveries that a configured target's lane has under way, and that wait for it; parked ones wait, too.",
    labelNames: ["target", "state"],
    registers: [registry],
    async collect() {
      const lanes = await read();
      this.reset();
      for (const [target, { inFlight, waiting }] of lanes) {
        this.set({ target, state: "in_flight" }, inFlight);
        this.set({ target, state: "waiting" }, waiting);
      }
    },
  });
}

async function readLanes({ redis, keys, targets }: LaneGaugesOptions): Promise<(readonly [string, LaneState])[]> {
  if (redis.status !== "ready") return [];
  const lanes = targets.map(async (target) => [target, await readLane(redis, keys, target)] as const);
  return Promise.all(lanes).catch(() => []);
}

function toLaneState(lane: LaneState): (typeof LANE_STATES)[number] {
  if (lane.disabled !== undefined) return "disabled";
  if (lane.breaker !== "closed") return `breaker_${lane.breaker}`;
  return (lane.pausedUntil ?? 0) > Date.now() ? "paused" : "sending";
}
