import { pick } from "./random.ts";
import type { Mood } from "./receivers.ts";
import type { World } from "./world.ts";

const BAD_MS = 4000;
const FREEZE_MS = 3000;

/** Something that breaks and is whole again when the promise is fulfilled. */
export interface Fault {
  readonly name: string;
  run(): Promise<void>;
}

/** The next fault, chosen by the seed. */
export function nextFault(world: World, random: () => number): Fault {
  const worker = pick(world.workers, random);
  const receiver = pick([...world.receivers, world.inline], random);
  const faults: readonly Fault[] = [
    { name: "worker -9", run: () => worker.replace("SIGKILL") },
    { name: "worker TERM", run: () => worker.replace("SIGTERM") },
    { name: "ingest TERM", run: () => world.ingest.replace("SIGTERM") },
    { name: "ingest -9", run: () => world.ingest.replace("SIGKILL") },
    { name: "redis frozen 3 s", run: () => freeze(world) },
    { name: "redis restarted", run: () => world.redis.restart("SIGTERM") },
    ...(["500", "429", "hangs"] as const).map((mood) => ({
      name: `${receiver.name} ${mood}`,
      run: () => change(receiver, mood),
    })),
    { name: "github 500", run: () => breakGithub(world, { kind: "status", status: 500 }) },
    { name: "github slow", run: () => breakGithub(world, { kind: "delay", ms: 2000 }) },
  ];
  return pick(faults, random);
}

async function freeze({ redis }: World): Promise<void> {
  await redis.pause();
  await sleep(FREEZE_MS);
  await redis.resume();
}

async function change(receiver: { mood: Mood }, mood: Mood): Promise<void> {
  receiver.mood = mood;
  await sleep(BAD_MS);
  receiver.mood = "ok";
}

async function breakGithub({ github }: World, fault: Parameters<World["github"]["fault"]>[1]): Promise<void> {
  github.fault(/./, fault);
  await sleep(BAD_MS);
  github.clearFaults();
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
