import { describe, expect, it } from "@jest/globals";
import { isRedisAway } from "./connections.ts";
import { ReplicationError } from "./replication.ts";

describe("Redis is away", () => {
  it.each([
    "Command timed out",
    "Connection is closed.",
    "Stream isn't writeable and enableOfflineQueue options is false",
    "connect ECONNREFUSED 127.0.0.1:6379",
    "read ECONNRESET",
    "Socket timeout. Expecting data, but didn't receive any in 2000ms.",
    "getaddrinfo ENOTFOUND redis",
    "Socket timeout. Expecting data, but didn't receive any in 3000ms.",
    "OOM command not allowed when used memory > 'maxmemory'.",
    "ERR Error running script (call to f_1): @user_script:7: -OOM command not allowed when used memory > 'maxmemory'.",
    "LOADING Redis is loading the dataset in memory",
    "READONLY You can't write against a read only replica.",
    "MISCONF Redis is configured to save RDB snapshots",
    "NOREPLICAS Not enough good replicas to write.",
    "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)",
    "CLUSTERDOWN The cluster is down",
    "Cluster isn't ready and enableOfflineQueue options is false",
    "Cluster is disconnected.",
    "Too many Cluster redirections. Last error: Error: Connection is closed.",
    "None of startup nodes is available",
    "All sentinels are unreachable. Retrying from scratch after 100ms.",
  ])("when it says: %s", (message) => {
    expect(isRedisAway(new Error(message))).toBe(true);
  });

  it("when its replicas are", () => {
    expect(isRedisAway(new ReplicationError("fewer than 1 replicas answered"))).toBe(true);
  });

  it.each([
    "WRONGTYPE Operation against a key",
    "ERR unknown command",
    "Cannot read properties of null",
    "Oomph",
    "CROSSSLOT Keys in request don't hash to the same slot",
  ])("not when it says: %s", (message) => {
    expect(isRedisAway(new Error(message))).toBe(false);
    expect(isRedisAway(message)).toBe(false);
  });
});
