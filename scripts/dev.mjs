// What `npm run dev` runs after set-up: everything in one terminal, straight from the sources. With HOOKLINE_DEV=1 the
// standalone app watches the sources of ingest and worker and restarts each on change.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { exitLike, runChild } from "./run-child.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const fromSources = ["--import", "tsx", "--conditions=@hookline/source"];

const args = [...fromSources, "apps/standalone/src/main.ts", ...process.argv.slice(2)];
exitLike(await runChild("node", args, { cwd: root, env: { ...process.env, HOOKLINE_DEV: "1" } }));
