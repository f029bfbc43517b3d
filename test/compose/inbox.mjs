import { until } from "./until.mjs";

/** What the demo's inbox has received. It keeps the last 100 messages, so what was seen is remembered here. */
export function createInbox(base) {
  const seen = new Map();
  const look = async () => {
    const messages = await (await fetch(`${base}/messages`)).json();
    for (const message of messages) seen.set(`${message.at} ${message.path} ${message.headers["webhook-id"]}`, message);
  };
  const at = (path) => [...seen.values()].filter((message) => message.path === path);
  return {
    /** Waits until every path got a message with a good signature; returns how many messages were repeats. */
    async untilReceived(paths, timeoutMs) {
      const isMissing = (path) => !at(path).some(({ verified }) => verified === true);
      const isComplete = async () => {
        await look();
        return !paths.some(isMissing);
      };
      const describe = () => `(${paths.filter(isMissing).length} of ${paths.length} are missing)`;
      await until(`${paths.length} signed messages`, isComplete, { timeoutMs, describe });
      return paths.reduce((repeats, path) => repeats + at(path).length - 1, 0);
    },
    newest: (path) => at(path).at(-1),
    /** The status of the answer to a message without a signature. */
    async postUnsigned() {
      const headers = { "content-type": "application/json" };
      return (await fetch(`${base}/unsigned`, { method: "POST", headers, body: "{}" })).status;
    },
  };
}

/** `count` paths below `/name/`. */
export function toPaths(name, count) {
  return Array.from({ length: count }, (_, index) => `/${name}/${index + 1}`);
}
