import { seedDemo } from "./demo-seed.ts";
import { startGithubSimulator } from "./github/simulator.ts";
import { readMainSettings, stopOnSignal } from "./main-process.ts";

const simulator = await startGithubSimulator({
  ...readMainSettings(process.env),
  tokens: (process.env.TOKENS ?? "").split(",").filter(Boolean),
  // The real 60 an hour would end a demonstration without a token after a few digests.
  limits: { anonymous: 5_000 },
  extraRoutes: { "/healthz": () => ({ status: "ok" }) },
});
const repository = seedDemo(simulator);
stopOnSignal(simulator);
console.log(`GitHub simulator with ${repository.fullName} listening on ${simulator.url}`);
