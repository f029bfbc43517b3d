export { type IngestSettings, ingestVariables, readIngestSettings } from "./config.ts";
