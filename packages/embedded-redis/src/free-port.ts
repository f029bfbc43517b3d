import { createServer } from "node:net";

/** A local TCP port that was free a moment ago; somebody else may take it, so starting on it may need another try. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === "object") resolve(address.port);
        else reject(new Error("the system gave no free port"));
      });
    });
  });
}
