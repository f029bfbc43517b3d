/**
 * Writes one page that shows the same messages in every kind of target, and prints where it is.
 *
 *   npm run preview
 */
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { buildPage } from "./page.ts";
import { readStyles } from "./styles.ts";

const file = fileURLToPath(new URL("../.hookline/preview.html", import.meta.url));
await mkdir(new URL("../.hookline/", import.meta.url), { recursive: true });
await writeFile(file, buildPage(await readStyles()));
console.log(file);
