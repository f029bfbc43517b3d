import { deepEqual, equal, ok } from "node:assert/strict";
import { docker } from "../docker.mjs";
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
    deepEqual(host.SecurityOpt, ["no-new-privileges:true"], service);
    equal(host.RestartPolicy.Name, "unless-stopped", service);
    ok(host.Memory > 0 && host.NanoCpus > 0 && host.PidsLimit > 0, `${service} has no limits`);
  }
}

const FIND_STRAY =
  "find apps packages -name '*.ts' -o -name '*.map'; ls -d node_modules/typescript node_modules/jest node_modules/@biomejs 2>/dev/null; true";

export async function imagesAreLean(stack) {
  const sizes = [];
  for (const service of ["ingest", "worker", "inbox"]) {
    const [id] = await stack.running(service);
    equal(await docker("exec", id, "sh", "-c", FIND_STRAY), "", service);
    const has = await docker("exec", id, "sh", "-c", "ls packages");
    equal(has.includes("testing"), service === "inbox", `${service} holds ${has}`);
    const { Size: bytes } = await inspect((await inspect(id)).Image);
    sizes.push(`${service} ${Math.round(bytes / 1e6)} MB`);
  }
  return sizes.join(", ");
}
