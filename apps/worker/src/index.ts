export { type WorkerSettings, workerVariables } from "./config.ts";
