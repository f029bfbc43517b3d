import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

interface Bom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly version: number;
  readonly serialNumber: string;
  readonly metadata: { readonly component: { readonly name: string; readonly "bom-ref": string } };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

interface Component {
  readonly "bom-ref": string;
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly unknown[];
}

describe("the bill of materials", () => {
  const directory = mkdtempSync(join(tmpdir(), "hookline-sbom-"));
  const file = join(directory, "sbom.json");
  let bom: Bom;
  const refs = () => bom.components.map((component) => component["bom-ref"]);
  beforeAll(async () => {
    await promisify(execFile)(process.execPath, ["scripts/sbom.mjs", file]);
    bom = JSON.parse(readFileSync(file, "utf8"));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it("is CycloneDX: each component once, with its package URL, and no reference to one that is not there", () => {
    expect(bom).toMatchObject({ bomFormat: "CycloneDX", version: 1, metadata: { component: { name: "hookline" } } });
    expect(bom.specVersion).toMatch(/^1\.[5-9]$/);
    expect(bom.serialNumber).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
    for (const { type, name, version, purl } of bom.components) {
      expect([name, type, purl.startsWith("pkg:npm/"), purl.endsWith(`@${version}`)]).toEqual([
        name,
        "library",
        true,
        true,
      ]);
    }
    const known = new Set([...refs(), bom.metadata.component["bom-ref"]]);
    expect(known.size).toBe(bom.components.length + 1);
    expect(
      bom.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]).filter((ref) => !known.has(ref)),
    ).toEqual([]);
  });

  it("holds what the apps need, directly or by way of others, with its hash, and nothing that only tests need", () => {
    const names = refs().map((ref) => ref.slice(0, ref.lastIndexOf("@")));
    expect(names).toEqual(
      expect.arrayContaining(["@hookline/ingest", "@hookline/worker", "express", "bullmq", "ioredis", "undici", "qs"]),
    );
    const others = ["jest", "typescript", "tsx", "@biomejs/biome", "supertest", "@hookline/testing", "@types/node"];
    expect(names.filter((name) => others.includes(name))).toEqual([]);
    const outside = bom.components.filter((component) => !component["bom-ref"].startsWith("@hookline/"));
    expect(outside.filter(({ hashes = [] }) => hashes.length === 0)).toEqual([]);
  });
});
