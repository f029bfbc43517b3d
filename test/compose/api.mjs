import { API_KEY } from "./settings.mjs";
import { until } from "./until.mjs";

const HEADERS = { "content-type": "application/json", authorization: `Bearer ${API_KEY}` };
const PAIR = { username: "octocat", repository: "hello-world" };

/** Ingest's HTTP API, as far as the steps need it. */
export function createApi(base) {
  const request = async (path, options = {}) => {
    const response = await fetch(`${base}${path}`, { headers: HEADERS, ...options });
    return { status: response.status, body: await response.json() };
  };
  const post = (path, body) => request(path, { method: "POST", body: JSON.stringify(body) });
  const readTask = async (id) => (await request(`/tasks/${id}`)).body;
  return {
    readTask,
    postTask: (members = {}) => post("/tasks", { ...PAIR, ...members }),
    /** Queues a task for each path of the inbox: other targets make them other tasks. Returns their ids. */
    async postMany(paths, members = {}) {
      const items = paths.map((path) => ({
        ...PAIR,
        ...members,
        targets: [{ kind: "webhook", url: `http://inbox:8080${path}` }],
      }));
      const { status, body } = await post("/tasks/batch", items);
      if (status !== 202 || body.accepted !== paths.length) {
        throw new Error(`the batch was answered ${status} ${JSON.stringify(body).slice(0, 500)}`);
      }
      return body.tasks.map(({ id }) => id);
    },
    /** Waits until every task says `delivered`. */
    async untilDelivered(ids, timeoutMs) {
      const open = new Set(ids);
      const look = async () => {
        for (const id of open) {
          if ((await readTask(id)).status === "delivered") open.delete(id);
        }
        return open.size === 0;
      };
      const describe = () => `(${open.size} of ${ids.length} are not)`;
      await until(`${ids.length} tasks delivered`, look, { timeoutMs, intervalMs: 250, describe });
    },
  };
}
