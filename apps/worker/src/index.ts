export { readWorkerSettings, type WorkerSettings, workerVariables } from "./config.ts";
