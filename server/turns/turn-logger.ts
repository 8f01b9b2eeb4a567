/** What turns write to the log: ids and causes, never message text. Pino's loggers fit. */
export type TurnLogger = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};
