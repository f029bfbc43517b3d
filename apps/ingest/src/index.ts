export { type IngestSettings, ingestVariables } from "./config.ts";
