// npm run sbom [file]: what the two apps hold in production, as CycloneDX JSON, in .hookline/sbom.json unless said otherwise.
//
// `npm sbom --omit=dev` leaves out whatever the root package names for its tests, express and bullmq among it, also where
// an app needs it. So npm lists everything, and what the apps do not reach is taken out here.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runChild } from "./run-child.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const APPS = ["@hookline/ingest", "@hookline/worker"];
const file = process.argv[2] ?? join(ROOT, ".hookline", "sbom.json");

const bom = keepReached(JSON.parse(await listEverything()));
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(bom, undefined, 2)}\n`);
console.log(`${bom.components.length} packages in ${file}`);

async function listEverything() {
  const npm = ["sbom", "--silent", "--sbom-format", "cyclonedx", "--package-lock-only"];
  const cli = process.env.npm_execpath;
  const isScript = cli !== undefined && /\.c?js$/.test(cli);
  const options = { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"], shell: !isScript && process.platform === "win32" };
  const result = await runChild(isScript ? "node" : "npm", isScript ? [cli, ...npm] : npm, options);
  if (result.code !== 0) throw new Error(`npm sbom failed: ${result.output}`);
  return result.output;
}

/** The apps, and what they need directly or by way of others; what is for development only is not followed. */
function keepReached({ metadata, components, dependencies, ...rest }) {
  const isKept = createWalk(components, dependencies);
  const { name, version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const root = metadata.component["bom-ref"];
  const apps = components.filter(isApp).map((app) => app["bom-ref"]);
  const kept = dependencies
    .filter(({ ref }) => isKept(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(isKept) }));
  return {
    ...rest,
    metadata: { ...metadata, component: { ...metadata.component, type: "application", name, version } },
    components: components.filter((component) => isKept(component["bom-ref"])),
    dependencies: [{ ref: root, dependsOn: apps }, ...kept],
  };
}

function isApp({ "bom-ref": ref }) {
  return APPS.some((name) => ref.startsWith(`${name}@`));
}

function createWalk(components, dependencies) {
  const isDevelopment = ({ name, value }) => name === "cdx:npm:package:development" && value === "true";
  const usable = new Set(
    components.filter(({ properties = [] }) => !properties.some(isDevelopment)).map((each) => each["bom-ref"]),
  );
  const peers = readOptionalPeers();
  const isNeeded = (ref, next) => !peers.get(ref)?.includes(next.slice(0, next.lastIndexOf("@")));
  const needs = new Map(
    dependencies.map(({ ref, dependsOn }) => [ref, dependsOn.filter((next) => isNeeded(ref, next))]),
  );
  const reached = new Set();
  const visit = (ref) => {
    if (reached.has(ref) || !usable.has(ref)) return;
    reached.add(ref);
    for (const next of needs.get(ref) ?? []) visit(next);
  };
  for (const app of components.filter(isApp)) visit(app["bom-ref"]);
  return (ref) => reached.has(ref);
}

/** What packages can use but do not need, such as the compiler: the images are without it. */
function readOptionalPeers() {
  const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  const toPeers = ([path, { name, version, peerDependenciesMeta = {} }]) => {
    const optional = Object.entries(peerDependenciesMeta).filter(([, meta]) => meta.optional === true);
    const ref = `${name ?? path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)}@${version}`;
    return [ref, optional.map(([peer]) => peer)];
  };
  return new Map(Object.entries(lock.packages).map(toPeers));
}
