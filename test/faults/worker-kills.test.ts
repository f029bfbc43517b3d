import { type SpawnedNode, startTcpProxy, type TcpProxy, waitUntil } from "@hookline/testing";
import { describe, expect, it } from "@jest/globals";
import type { Stack } from "../e2e/support/stack.ts";
import { ledger } from "./support/ledger.ts";
import { PAIR, startScene } from "./support/scene.ts";

/** A killed worker's jobs run again within this time. */
const TAKEN_OVER_MS = 30_000;

interface Scene {
  readonly stack: Stack;
  readonly victim: SpawnedNode;
  /** Between the victim, and nobody else, and Redis. */
  readonly proxy: TcpProxy;
}

interface Point {
  readonly when: string;
  /** Sees to it that the victim stands still at this point; what it returns resolves when it does. */
  readonly arrange: (scene: Scene) => () => Promise<unknown>;
  /** Posts that the receiver sees in all. */
  readonly posts: number;
  /** What was collected is kept: only who is killed while collecting makes GitHub be asked again. */
  readonly isCollectedAgain?: boolean;
}

const points: readonly Point[] = [
  {
    when: "while it was collecting",
    posts: 1,
    isCollectedAgain: true,
    arrange({ stack }) {
      stack.github.fault("/repos/", { kind: "hang" }, { times: 1 });
      return () => waitUntil(() => stack.github.requests.length > 0, { what: "GitHub is asked" });
    },
  },
  {
    when: "between collecting and queuing deliveries",
    posts: 1,
    arrange({ proxy }) {
      const held = proxy.hold("message.deliver");
      return () => held;
    },
  },
  {
    when: "while it was posting",
    posts: 2,
    arrange({ stack }) {
      stack.receiver.respond((_, index) => (index === 0 ? { hang: true } : { status: 200 }));
      return () => stack.receiver.waitFor(1);
    },
  },
  {
    when: "after the receiver answered, before the job was marked done",
    posts: 2,
    arrange({ stack, proxy, victim }) {
      stack.receiver.respond((_, index) => {
        if (index === 0) proxy.freeze();
        return { status: 200 };
      });
      return () => victim.waitForLine("delivery.attempted");
    },
  },
];

describe("a worker killed with SIGKILL", () => {
  it.concurrent.each(points)("$when has its task taken over, whose digest arrives once more at most", async (point) => {
    const stack = await startScene({ workers: 0 });
    const proxy = await startTcpProxy({ port: Number(new URL(stack.env.REDIS_URL ?? "").port) });
    try {
      const victim = await stack.addWorker({ REDIS_URL: `redis://127.0.0.1:${proxy.port}` });
      const isReached = point.arrange({ stack, victim, proxy });
      const { id } = await stack.post(PAIR);
      await isReached();
      const asked = stack.github.requests.length;
      await stack.addWorker();
      victim.kill("SIGKILL");
      const task = await stack.untilStatus(id, "delivered", TAKEN_OVER_MS);
      expect(ledger(`worker killed ${point.when}`, [id], stack.receiver)).toEqual({
        accepted: 1,
        delivered: 1,
        repeated: point.posts - 1,
        lost: 0,
      });
      expect(stack.github.requests.length > asked).toBe(point.isCollectedAgain === true);
      expect(task).toMatchObject({ attempts: { made: 1 }, error: null, nextAttempt: null });
      const { body } = await stack.request("GET", `/deliveries/${task.deliveries[0]?.id}`);
      expect(body).toMatchObject({ status: "delivered", attempts: [{ number: 1, outcome: "delivered", status: 200 }] });
      expect(body.id).toBe(stack.receiver.requests[0]?.headers["webhook-id"]);
    } finally {
      await stack.stop();
      await proxy.stop();
    }
  }, 90_000);
});
