export default {
  testMatch: ["<rootDir>/{packages,apps,test,bench}/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "/dist/", "<rootDir>/test/(faults|fuzz)/"],
  modulePathIgnorePatterns: ["/dist/", "<rootDir>/.hookline/"],
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { target: "es2023", parser: { syntax: "typescript" } }, module: { type: "es6" } },
    ],
  },
  testEnvironment: "node",
  testEnvironmentOptions: { customExportConditions: ["@hookline/source", "node", "node-addons", "default"] },
  globalSetup: "<rootDir>/scripts/jest-setup.mjs",
  globalTeardown: "<rootDir>/scripts/jest-teardown.mjs",
  testTimeout: 30_000,
  maxWorkers: 2,
};
