import { ok } from "node:assert/strict";
import { docker, dockerLines } from "../docker.mjs";

const SERVICES = ["github", "inbox", "ingest", "redis", "worker"];

export async function everythingComesUp(stack) {
  await stack.compose("build");
  const startedAt = Date.now();
  await stack.compose("up", "-d", "--build", "--wait", "--scale", "worker=3");
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  const counts = await Promise.all(SERVICES.map(async (service) => (await stack.running(service)).length));
  ok(counts.join() === "1,1,1,1,3", `running: ${SERVICES.map((name, index) => `${name} ${counts[index]}`).join(", ")}`);
  return `all healthy ${seconds} s after the build`;
}

export async function nothingIsLeft(stack) {
  await stack.remove();
  const filter = ["--filter", `label=com.docker.compose.project=${stack.project}`];
  const left = await Promise.all([
    dockerLines("ps", "-aq", ...filter),
    dockerLines("volume", "ls", "-q", ...filter),
    dockerLines("network", "ls", "-q", ...filter),
    dockerLines("image", "ls", "-q", `${stack.project}-*`),
  ]);
  ok(left.flat().length === 0, `left: ${left.flat().join(" ")}`);
  return `engine ${await docker("version", "-f", "{{.Server.Version}}")}`;
}
