import { processVariables } from "./common-variables.ts";
import { ConfigurationError, errorMessage } from "./errors.ts";
import { createLogger, escapeUnseen, type Logger } from "./logger.ts";
import { type Environment, readSettings, type SettingsOf, secretTexts, type Variables } from "./settings.ts";

export interface AppDefinition<V extends Variables, P extends { readonly secrets: readonly string[] }> {
  readonly name: string;
  readonly variables: V;
  readonly env: Environment;
  /** Reads what else the environment leads to. @throws ConfigurationError. */
  readonly load: (env: Environment) => P;
  /** Starts the app; it then lives until a signal ends it. */
  readonly start: (settings: SettingsOf<V>, log: Logger, loaded: P) => Promise<void>;
}

/**
 * Reads the settings and what they lead to, makes the logger that masks the secrets of both and starts the app. When
 * something is wrong, or the start fails, says all of it on standard error and exits with code 1.
 */
export async function runApp<V extends Variables, P extends { readonly secrets: readonly string[] }>(
  app: AppDefinition<V, P>,
): Promise<void> {
  const { name, variables, env } = app;
  const problems: string[] = [];
  const attempt = async <T>(what: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await what();
    } catch (error) {
      problems.push(explain(name, error));
      return undefined;
    }
  };
  const settings = await attempt(() => readSettings(variables, env));
  const loaded = await attempt(() => app.load(env));
  if (settings !== undefined && loaded !== undefined) {
    await attempt(() => app.start(settings, createAppLogger(app, loaded.secrets), loaded));
  }
  if (problems.length > 0) {
    console.error(escapeUnseen(problems.join("\n")));
    process.exit(1);
  }
}

function explain(name: string, error: unknown): string {
  return error instanceof ConfigurationError ? error.message : `${name} could not start: ${errorMessage(error)}`;
}

function createAppLogger(
  { name, variables, env }: { name: string; variables: Variables; env: Environment },
  secrets: readonly string[],
): Logger {
  const { LOG_LEVEL: level, LOG_FORMAT: format } = readSettings(processVariables, env);
  return createLogger({ app: name, level, format, secrets: [...secretTexts(variables, env), ...secrets] });
}
