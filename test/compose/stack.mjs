import { createApi } from "./api.mjs";
import { docker, dockerLines } from "./docker.mjs";
import { createInbox } from "./inbox.mjs";
import { createSettings } from "./settings.mjs";

/** Hookline under a project name of its own: how to command its containers and to talk to them. */
export async function createStack() {
  const settings = await createSettings();
  const project = `hookline-test-${process.pid}`;
  const compose = (...args) =>
    docker("compose", "-p", project, "--env-file", settings.file, "--profile", "demo", ...args);
  return {
    project,
    settings,
    compose,
    api: createApi(`http://127.0.0.1:${settings.port}`),
    inbox: createInbox(`http://127.0.0.1:${settings.inboxPort}`),
    /** Ids of a service's running containers. */
    running: (service) => dockerLines(...ofService("ps", project, service)),
    recentLogs: () => compose("--ansi", "never", "logs", "--tail", "8").catch((error) => error.message),
    /** Removes containers, networks, volumes and images of the project, and the environment file. */
    async remove() {
      await compose("down", "-v", "--rmi", "local", "--remove-orphans", "-t", "5");
      await settings.remove();
    },
  };
}

function ofService(command, project, service) {
  const label = "label=com.docker.compose";
  return [
    command,
    "-q",
    "--no-trunc",
    "--filter",
    `${label}.project=${project}`,
    "--filter",
    `${label}.service=${service}`,
  ];
}

/** What `docker inspect` says of a container or an image. */
export async function inspect(id) {
  return JSON.parse(await docker("inspect", id))[0];
}

/** Container id → how many log lines with that event it has written. */
export async function countEvents(ids, event) {
  const counts = ids.map(async (id) => {
    const lines = await dockerLines("logs", id);
    return [id, lines.filter((line) => line.includes(`"event":"${event}"`)).length];
  });
  return new Map(await Promise.all(counts));
}
