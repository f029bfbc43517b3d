import { createServer } from "node:http";
import { parseAllowedNetworks } from "@hookline/project";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { startTcp, toRequest, webhook } from "../../test/support/targets.ts";
import type { Lookup } from "./connector.ts";
import { createSender, type Sender } from "./send.ts";

const never = new AbortController().signal;
let server: Awaited<ReturnType<typeof startTcp>>;
const senders: Sender[] = [];

beforeEach(async () => {
  server = await startTcp((socket) => {
    socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok"));
  });
});
afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.close()));
  await server.stop();
});

function open(allowed = "", lookup?: Lookup): Sender {
  const policy = parseAllowedNetworks(allowed);
  const sender = createSender({ requestPolicy: policy, ...(lookup === undefined ? {} : { lookup }) });
  senders.push(sender);
  return sender;
}

function send(sender: Sender, url: string, options = {}) {
  const target = webhook(url, options);
  return sender.send(target, toRequest(target), never);
}

/** A name server whose answers are taken in turn; the last one repeats. */
function answering(...answers: string[][]): Lookup & { asked: () => number } {
  let asked = 0;
  const lookup: Lookup = (_host, _options, callback) => {
    const addresses = answers[Math.min(asked, answers.length - 1)] ?? [];
    asked += 1;
    setImmediate(() =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
      ),
    );
  };
  return Object.assign(lookup, { asked: () => asked });
}

describe("a refused address is never connected to", () => {
  it.each([
    ...["127.0.0.1", "127.0.0.1.", "127.1", "0x7f.1", "2130706433", "017700000001", "0.0.0.0", "0", "[::1]"],
    ...["[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[::]", "localhost", "LOCALHOST"],
  ])("%s", async (host) => {
    const outcome = await send(open(), `http://${host}:${server.port}/hook`);
    expect(outcome).toMatchObject({ kind: "forbidden" });
    expect(server.connections()).toBe(0);
  });

  it("also when only one of a name's addresses is private", async () => {
    const lookup = answering(["127.0.0.1", "93.184.216.34"]);
    const outcome = await send(open("", lookup), `http://mixed.example:${server.port}/`);
    expect(outcome).toMatchObject({ kind: "forbidden", detail: expect.stringContaining("mixed.example") });
    expect(server.connections()).toBe(0);
  });

  it.each([
    "10.0.0.1",
    "169.254.169.254",
    "::ffff:127.0.0.1",
    "fd00:ec2::254",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
  ])("also when a name resolves to %s", async (address) => {
    const outcome = await send(open("", answering([address])), `https://private.example:${server.port}/`);
    expect(outcome).toMatchObject({ kind: "forbidden" });
  });

  it("also when the target is configured and its name resolves to a metadata address", async () => {
    const lookup = answering(["169.254.169.254"]);
    const outcome = await send(open("", lookup), "http://metadata.example/", { isFromRequest: false });
    expect(outcome).toMatchObject({ kind: "forbidden" });
  });

  it("also when a redirect leads there", async () => {
    const redirecting = createServer((_request, response) => {
      response.writeHead(307, { location: server.url }).end();
    });
    await new Promise<void>((resolve) => redirecting.listen(0, "127.0.0.2", resolve));
    const { port } = redirecting.address() as { port: number };
    const outcome = await send(open("127.0.0.2"), `http://127.0.0.2:${port}/`);
    expect(outcome).toMatchObject({ kind: "failed", code: "target_refused", answer: { status: 307 } });
    expect(server.connections()).toBe(0);
    redirecting.closeAllConnections();
    await new Promise((resolve) => redirecting.close(resolve));
  });
});

describe("a name whose answer changes", () => {
  it("is connected to at the very address that was checked, which is asked for once", async () => {
    const lookup = answering(["127.0.0.1"], ["10.0.0.1"]);
    const outcome = await send(open("127.0.0.0/8", lookup), `http://rebinding.example:${server.port}/`);
    expect(outcome).toMatchObject({ kind: "delivered" });
    expect(lookup.asked()).toBe(1);
  });

  it("is refused from the connection on at which it is private", async () => {
    const lookup = answering(["127.0.0.1"], ["10.0.0.1"]);
    const sender = open("127.0.0.0/8", lookup);
    const url = `http://rebinding.example:${server.port}/`;
    await expect(send(sender, url)).resolves.toMatchObject({ kind: "delivered" });
    await expect(send(sender, url)).resolves.toMatchObject({ kind: "forbidden" });
    expect(server.connections()).toBe(1);
  });

  it("that cannot be resolved is unreachable, not forbidden", async () => {
    const failing: Lookup = (_host, _options, callback) =>
      callback(Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" }), []);
    const outcome = await send(open("", failing), "http://missing.example/");
    expect(outcome).toMatchObject({ kind: "failed", code: "target_unreachable" });
  });
});

describe("what is allowed is reached", () => {
  it.each([
    ["127.0.0.0/8", "127.0.0.1"],
    ["127.0.0.1", "127.0.0.1"],
    ["127.0.0.0/8,::1", "localhost"],
    ["localhost", "localhost"],
    ["LOCALHOST", "localhost"],
  ])("%s opens http://%s", async (allowed, host) => {
    const outcome = await send(open(allowed), `http://${host}:${server.port}/`);
    expect(outcome).toMatchObject({ kind: "delivered" });
  });

  it("an allowed host may be written with the dot at its end", async () => {
    const outcome = await send(
      open("internal.example", answering(["127.0.0.1"])),
      `http://internal.example.:${server.port}/`,
    );
    expect(outcome).toMatchObject({ kind: "delivered" });
  });

  it("a configured target may be on this machine, while the same URL in a request may not", async () => {
    const sender = open();
    await expect(send(sender, server.url, { isFromRequest: false })).resolves.toMatchObject({ kind: "delivered" });
    await expect(send(sender, server.url)).resolves.toMatchObject({ kind: "forbidden" });
    expect(server.connections()).toBe(1);
  });
});
