/**
 * Runs steps one after the other, says of each in one line how it went and how long it took, and counts.
 *
 * @param {() => Promise<string>} explain what to print when a step has failed: the services' last log lines
 */
export function createRun(explain) {
  const count = { passed: 0, failed: 0 };
  let isStopped = false;
  return {
    /** The step under way never ends and no other begins: who calls this ends the process. */
    stop() {
      isStopped = true;
    },
    /** @returns whether the step passed; a step may return a remark for its line */
    async step(title, work, ...args) {
      if (isStopped) return new Promise(() => {});
      const startedAt = Date.now();
      const seconds = () => `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
      try {
        const remark = await work(...args);
        count.passed += 1;
        console.log(`ok      ${title} (${seconds()})${remark ? `: ${remark}` : ""}`);
        return true;
      } catch (error) {
        if (isStopped) return new Promise(() => {});
        count.failed += 1;
        console.log(`failed  ${title} (${seconds()}): ${error.message}`);
        console.log(indent(await explain()));
        return false;
      }
    },
    /** Prints the result and returns the exit code. */
    finish() {
      console.log(`${count.passed} passed, ${count.failed} failed`);
      return count.failed === 0 ? 0 : 1;
    },
  };
}

function indent(text) {
  return text.replaceAll(/^/gm, "        ");
}
