import { stopCommands } from "./docker.mjs";

/** Ctrl-C or a CI time-out in the middle: the containers go before we do. */
export function removeOnSignal(stack, run) {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, async () => {
      console.log(`${signal}: removing the containers`);
      run.stop();
      await stopCommands();
      await stack.remove().catch((error) => console.error(error.message));
      process.exit(1);
    });
  }
}
