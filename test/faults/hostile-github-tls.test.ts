import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createAuthority, spawnNode, startTlsServer, type TlsFlaw, tlsFlaws } from "@hookline/testing";
import { expect, it } from "@jest/globals";

const PROGRAM = fileURLToPath(new URL("support/ask-github.mjs", import.meta.url));

const SAYS: Readonly<Record<Exclude<TlsFlaw, "good">, RegExp>> = {
  expired: /certificate has expired/,
  "wrong-host": /127\.0\.0\.1 is not in the cert's list/,
  "self-signed": /self-signed certificate$/,
  "unknown-authority": /self-signed certificate in certificate chain/,
  "broken-chain": /unable to verify the first certificate/,
  "old-protocol": /: tlsv1 alert protocol version$/,
  "plain-http": /: (wrong version number|packet length too long)$/,
  "hangs-in-handshake": /no answer in time \(secureConnect\)/,
};

/** A process of its own, for only at its start it can be told of an authority. */
it("a GitHub that cannot be trusted is asked nothing, the token least of all, and it is said why", async () => {
  const authority = createAuthority();
  const directory = await mkdtemp(join(tmpdir(), "hookline-tls-"));
  await writeFile(join(directory, "authority.pem"), authority.cert);
  const servers = await Promise.all(tlsFlaws.map((flaw) => startTlsServer(flaw, authority)));
  const hosts = ["https://no-such-host.invalid/"];
  try {
    const program = spawnNode({
      args: [PROGRAM, ...servers.map(({ url }) => url), ...hosts],
      env: { NODE_EXTRA_CA_CERTS: join(directory, "authority.pem") },
    });
    const { code } = await program.exited;
    expect({ code, stderr: program.stderr }).toEqual({ code: 0, stderr: "" });
    const said: unknown[] = program.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const expected = tlsFlaws.map((flaw) =>
      flaw === "good" ? { status: 200 } : { code: "github_unavailable", message: expect.stringMatching(SAYS[flaw]) },
    );
    const unknown = { code: "github_unavailable", message: expect.stringMatching(/ENOTFOUND|EAI_AGAIN|lookup/) };
    expect(said).toEqual([...expected, unknown]);
    for (const [index, { received }] of servers.entries())
      expect([tlsFlaws[index], received > 0]).toEqual([tlsFlaws[index], tlsFlaws[index] === "good"]);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await rm(directory, { recursive: true });
  }
}, 60_000);
