import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./run.ts";

const UPDATE_TIMEOUT_MS = 180_000;

/** Never unpacked: a C library other than the running system's does not start with its loader. */
const SYSTEM_PACKAGES = /^(libc6|libc-bin|libgcc-s1|gcc-\d+-base|base-files|debconf|dpkg)(:|$)/;

/** apt-get that changes nothing outside its own directory, so it needs neither root nor the system's locks. */
export interface Apt {
  /** Fetches the package lists into our directory; from then on they are used instead of the system's. */
  update(): Promise<void>;
  /** Downloads `name` and what it needs that this machine lacks; returns the files. */
  download(name: string): Promise<string[]>;
}

/** Prepares a private apt-get in `directory`, which must be ours alone. */
export async function createApt(directory: string, env: NodeJS.ProcessEnv): Promise<Apt> {
  const packages = join(directory, "packages");
  const lists = join(directory, "lists");
  const settings = await writeSettings(directory);
  const options = { cwd: packages, env: { ...env, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" } };
  const apt = (args: readonly string[], timeoutMs?: number): Promise<string> =>
    run("apt-get", [...settings, ...args], { ...options, ...(timeoutMs && { timeoutMs }) });

  return {
    async update() {
      await mkdir(join(lists, "partial"), { recursive: true });
      settings.push("-o", `Dir::State::Lists=${lists}`);
      await apt(["update"], UPDATE_TIMEOUT_MS);
    },
    async download(name) {
      const plan = await apt(["--simulate", "--no-install-recommends", "install", name]);
      await apt(["download", ...toMissingPackages(plan)]);
      return (await readdir(packages)).filter((file) => file.endsWith(".deb")).map((file) => join(packages, file));
    },
  };
}

/** The names in the `Inst` lines of a simulated installation; unlike `--print-uris` it also lists cached packages. */
export function toMissingPackages(plan: string): string[] {
  const names = [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? "");
  return names.filter((name) => !SYSTEM_PACKAGES.test(name));
}

async function writeSettings(directory: string): Promise<string[]> {
  const cache = join(directory, "cache");
  const file = join(directory, "apt.conf");
  await mkdir(join(directory, "packages"), { recursive: true });
  await mkdir(join(cache, "archives", "partial"), { recursive: true });
  // Container images hook a clean-up of the system's cache to every update: ours must not touch it.
  await writeFile(file, "#clear APT::Update::Post-Invoke;\n#clear APT::Update::Post-Invoke-Success;\n");
  const values = [
    `Dir::Cache=${cache}`,
    "Debug::NoLocking=1",
    // As root, apt would download as the user `_apt`, who may not write here.
    "APT::Sandbox::User=root",
    "Acquire::Retries=1",
    "Acquire::http::Timeout=20",
    "Acquire::https::Timeout=20",
    "Acquire::Languages=none",
  ];
  return ["-c", file, "-q", ...values.flatMap((value) => ["-o", value])];
}
