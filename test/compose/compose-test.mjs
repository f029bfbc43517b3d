// npm run test:compose: the containers as a user runs them, with the real engine, under a project name and ports of
// its own. What is started here is removed again, whatever happens.
import { removeOnSignal } from "./cleanup.mjs";
import { createRun } from "./run.mjs";
import { createStack } from "./stack.mjs";
import { everyVariableReachesBoth, ordinaryUpIsQuiet, projectFileIsRead } from "./steps/environment.mjs";
import { containersAreConfined, imagesAreLean, imagesTellNoSecrets } from "./steps/hardening.mjs";
import { crashedWorkerIsRestarted, killedReplicaLosesNothing } from "./steps/killed-replica.mjs";
import { everythingComesUp, nothingIsLeft } from "./steps/lifecycle.mjs";
import { killedRedisKeepsTasks, restartedRedisKeepsTasks } from "./steps/redis.mjs";
import { replicasShareTheWork, taskBecomesSignedDigest } from "./steps/work.mjs";

const stack = await createStack();
const run = createRun(() => stack.recentLogs());
removeOnSignal(stack, run);

await run.step(
  "without .env nothing is posted anywhere; no simulators without --profile demo",
  ordinaryUpIsQuiet,
  stack,
);
const isUp = await run.step("up --build --wait --scale worker=3 with the demo profile", everythingComesUp, stack);
if (isUp) {
  await run.step("the variables of the environment file reach both apps", everyVariableReachesBoth, stack);
  await run.step("the project file is read in both", projectFileIsRead, stack);
  await run.step("a task becomes a signed digest at the inbox", taskBecomesSignedDigest, stack);
  await run.step("three replicas share 30 tasks", replicasShareTheWork, stack);
  await run.step("a replica killed in the middle of 60 tasks loses none", killedReplicaLosesNothing, stack);
  await run.step("a worker that crashes is restarted", crashedWorkerIsRestarted, stack);
  await run.step("Redis restarted with 30 tasks waiting loses none", restartedRedisKeepsTasks, stack);
  await run.step("Redis killed with 30 tasks waiting loses none", killedRedisKeepsTasks, stack);
  await run.step("containers are not root, read-only, limited", containersAreConfined, stack);
  await run.step("images hold no sources and no development dependency", imagesAreLean, stack);
  await run.step("images' layers and variables tell no secret", imagesTellNoSecrets, stack);
}
await run.step("down -v leaves nothing behind", nothingIsLeft, stack);
process.exitCode = run.finish();
