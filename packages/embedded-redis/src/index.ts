export { type FindOptions, findRedis } from "./find-redis.ts";
export type { ExternalRedis, FoundRedis, RedisImage, RedisProgram, StartableRedis } from "./found-redis.ts";
export { type EmbeddedRedis, type EmbeddedRedisOptions, startEmbeddedRedis } from "./start-embedded-redis.ts";
export { startClusterRedis } from "./topology/cluster.ts";
export type { RedisGroup, RedisGroupOptions } from "./topology/redis-group.ts";
export { startSentinelRedis } from "./topology/sentinel.ts";
