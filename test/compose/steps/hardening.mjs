import { deepEqual, equal, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { docker, ROOT } from "../docker.mjs";
import { inspect } from "../stack.mjs";

const SERVICES = ["ingest", "worker", "redis", "github", "inbox"];

export async function containersAreConfined(stack) {
  for (const service of SERVICES) {
    const [id] = await stack.running(service);
    const { HostConfig: host } = await inspect(id);
    ok(Number(await docker("exec", id, "id", "-u")) > 0, `${service} runs as root`);
    const write = await docker(
      "exec",
      id,
      "sh",
      "-c",
      "touch /somewhere 2>&1 || true; touch /tmp/here && echo written",
    );
    ok(/read-only/i.test(write) && write.endsWith("written"), `${service}: ${write}`);
    equal(host.ReadonlyRootfs, true, service);
    deepEqual(host.CapDrop, ["ALL"], service);
    equal(host.Privileged, false, service);
    ok(await holdsNoRights(id), `${service} holds capabilities, or may gain some`);
    deepEqual(host.SecurityOpt, ["no-new-privileges:true"], service);
    equal(host.RestartPolicy.Name, "unless-stopped", service);
    ok(host.Memory > 0 && host.NanoCpus > 0 && host.PidsLimit > 0, `${service} has no limits`);
  }
}

/** As the kernel sees its first process: no capability now or later, and none by way of a file. */
async function holdsNoRights(id) {
  const status = await docker("exec", id, "grep", "-E", "^(Cap|NoNewPrivs)", "/proc/1/status");
  const fields = status.split("\n").map((line) => line.split(/:\s+/));
  return (
    fields.length === 6 && fields.every(([name, value]) => (name === "NoNewPrivs" ? value === "1" : /^0+$/.test(value)))
  );
}

const FIND_STRAY =
  "find apps packages -name '*.ts' -o -name '*.map' -o -name '*.tsbuildinfo'; find / -xdev \\( -name '.env*' -o -name .npmrc -o -name .git -o -name '_logs' -o -name '_cacache' \\) -not -path '/proc/*' 2>/dev/null; true";

/** The development dependencies of the whole repository, less those that the apps themselves need. */
async function developmentPackages() {
  const lock = JSON.parse(await readFile(join(ROOT, "package-lock.json"), "utf8"));
  const isDevelopment = ([path, { dev, link }]) =>
    dev === true && link !== true && /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path);
  const found = Object.entries(lock.packages).filter(isDevelopment);
  // The compiler counts as something that a dependency may use.
  return ["node_modules/typescript", ...found.map(([path]) => path)];
}

async function holdsNoneOf(id, paths) {
  const found = await docker("exec", id, "sh", "-c", 'ls -d "$@" 2>/dev/null; true', "sh", ...paths);
  equal(found, "");
}

/** What an image tells whoever pulls it: how each layer was made, and its variables. */
export async function imagesTellNoSecrets(stack) {
  const settings = parseEnv(await readFile(stack.settings.file, "utf8"));
  const secrets = ["API_KEYS", "API_TOKEN", "WEBHOOK_SECRET"].map((name) => settings[name]).filter(Boolean);
  ok(secrets.length >= 2, "the environment file holds too few secrets to look for");
  const [from] = /node:\S+/.exec(await readFile(join(ROOT, "Dockerfile"), "utf8")) ?? [];
  const { Env: base } = (await inspect(from)).Config;
  for (const service of ["ingest", "worker", "inbox"]) {
    const [id] = await stack.running(service);
    const { Image: image } = await inspect(id);
    const { Env: variables, Labels: labels, User: user } = (await inspect(image)).Config;
    const added = variables.filter((each) => !base.includes(each));
    deepEqual(added, ["NODE_ENV=production"], service);
    equal(user, "node", service);
    const told = [await docker("history", "--no-trunc", "--format", "{{.CreatedBy}}", image), ...variables];
    const text = [...told, JSON.stringify(labels ?? {})].join("\n");
    for (const secret of [...secrets, "_authToken", "_password"])
      ok(!text.includes(secret), `${service} tells ${secret}`);
    ok(!/^(ARG|COPY .*\.(env|npmrc))/m.test(told[0]), `${service}: ${told[0]}`);
  }
}

export async function imagesAreLean(stack) {
  const sizes = [];
  const development = await developmentPackages();
  for (const name of ["jest", "tsx", "@biomejs/biome"]) ok(development.includes(`node_modules/${name}`), name);
  for (const service of ["ingest", "worker", "inbox"]) {
    const [id] = await stack.running(service);
    equal(await docker("exec", id, "sh", "-c", FIND_STRAY), "", service);
    await holdsNoneOf(id, development);
    const has = await docker("exec", id, "sh", "-c", "ls packages");
    equal(has.includes("testing"), service === "inbox", `${service} holds ${has}`);
    equal(has.includes("telemetry"), service !== "inbox", `${service} holds ${has}`);
    const { Size: bytes } = await inspect((await inspect(id)).Image);
    sizes.push(`${service} ${Math.round(bytes / 1e6)} MB`);
  }
  return sizes.join(", ");
}
