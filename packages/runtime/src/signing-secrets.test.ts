import { describe, expect, it } from "@jest/globals";
import { parseSigningSecrets } from "./signing-secrets.ts";

const secret = (bytes: number, fill = 1) => `whsec_${Buffer.alloc(bytes, fill).toString("base64")}`;
const OLD = secret(32, 1);

describe("WEBHOOK_SECRET", () => {
  it("holds any number of secrets of 24 to 64 bytes", () => {
    expect(parseSigningSecrets("")).toEqual([]);
    expect(parseSigningSecrets(` ${secret(24)}\n ${secret(64)}\t`)).toEqual([secret(24), secret(64)]);
  });

  it.each([
    ["has no prefix", Buffer.alloc(32, 5).toString("base64"), "must begin with whsec_"],
    ["is a public key", `whpk_${Buffer.alloc(32, 5).toString("base64")}`, "must begin with whsec_"],
    ["is no base64", "whsec_not*base64*not*base64*not*base64*", "must be base64"],
    ["is URL-safe base64", `whsec_${"-_".repeat(16)}`, "must be base64"],
    ["has lost its padding", `whsec_${Buffer.alloc(32, 5).toString("base64").replace("=", "")}`, "must be base64"],
    ["is empty", "whsec_", "must be base64"],
    ["is too short", secret(23, 5), "must hold 24 to 64 bytes, not 23"],
    ["is too long", secret(65, 5), "must hold 24 to 64 bytes, not 65"],
  ])("is refused, and not shown, when one %s", (_, wrong, message) => {
    const parse = () => parseSigningSecrets(`${OLD} ${wrong}`);
    expect(parse).toThrow(`secret 2 ${message}`);
    try {
      parse();
    } catch (error) {
      expect(String(error)).not.toContain(OLD);
      if (wrong.length > 6) expect(String(error)).not.toContain(wrong.slice(6));
    }
  });
});
