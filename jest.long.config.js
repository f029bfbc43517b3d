import config from "./jest.config.js";

// What takes minutes: run by `npm run test:faults` and `npm run test:fuzz`, and by `.ci/run`, not by `npm test`.
export default {
  ...config,
  testMatch: ["<rootDir>/test/{faults,fuzz}/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "/dist/"],
  testTimeout: 180_000,
  reporters: ["default", "<rootDir>/scripts/faults-reporter.mjs"],
};
