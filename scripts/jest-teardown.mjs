/** Stops the Redis that jest-setup started; one that was given stays. */
export default async function tearDown() {
  await globalThis.hooklineTestRedis?.stop();
}
