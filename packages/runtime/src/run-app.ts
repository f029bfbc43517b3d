import { processVariables } from "./common-variables.ts";
import { errorMessage } from "./errors.ts";
import { createLogger, type Logger } from "./logger.ts";
import {
  type Environment,
  readSettings,
  SettingsError,
  type SettingsOf,
  secretTexts,
  type Variables,
} from "./settings.ts";

export interface AppDefinition<V extends Variables> {
  readonly name: string;
  readonly variables: V;
  readonly env: Environment;
  /** Starts the app; it then lives until a signal ends it. */
  readonly start: (settings: SettingsOf<V>, log: Logger) => Promise<void>;
}

/**
 * Reads the settings, makes the logger that masks their secrets and starts the app. When a setting is wrong or the
 * start fails, says so on standard error and exits with code 1.
 */
export async function runApp<V extends Variables>(app: AppDefinition<V>): Promise<void> {
  const { name, variables, env } = app;
  try {
    const settings = readSettings(variables, env);
    const { LOG_LEVEL: level, LOG_FORMAT: format } = readSettings(processVariables, env);
    await app.start(settings, createLogger({ app: name, level, format, secrets: secretTexts(variables, env) }));
  } catch (error) {
    console.error(error instanceof SettingsError ? error.message : `${name} could not start: ${errorMessage(error)}`);
    process.exit(1);
  }
}
