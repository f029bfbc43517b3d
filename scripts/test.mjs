// What `npm test` runs after set-up and build: types and lint, then every test. Arguments go to Jest.
import { exitLike, runChild } from "./run-child.mjs";

const startedAt = Date.now();
const jest = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning", "node_modules/jest/bin/jest.js"];

await step("npm", ["run", "--silent", "check"], { shell: process.platform === "win32" });
await step("node", [...jest, ...process.argv.slice(2)]);
report("passed");

/** The first step that fails ends everything with its exit code. */
async function step(command, args, options) {
  console.log(
    `\n> ${command === "node" ? `jest ${process.argv.slice(2).join(" ")}`.trim() : [command, ...args].join(" ")}`,
  );
  const result = await runChild(command, args, options);
  if (result.code === 0) return;
  report(result.signal ? `stopped by ${result.signal}` : "failed");
  exitLike(result);
  await new Promise(() => {}); // a signal sent to oneself takes a moment to arrive
}

function report(outcome) {
  console.log(`npm test: ${outcome} in ${Math.round((Date.now() - startedAt) / 1000)} s`);
}
