import { readdir, readFile } from "node:fs/promises";

const directory = new URL("styles/", import.meta.url);

/** The page's style sheet: the page's own part first, then the services'. */
export async function readStyles(): Promise<string> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".css") && name !== "page.css");
  const files = ["page.css", ...names.sort()].map((name) => readFile(new URL(name, directory), "utf8"));
  return (await Promise.all(files)).join("\n");
}
