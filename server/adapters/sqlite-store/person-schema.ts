/**
 * Read marks and the settings of a person. `last_ended` is the greatest id of a conversation's answers that ended, and
 * `read_up_to` the greatest id that was read; what was there before this step counts as read.
 */
export const PERSON_SCHEMA = `
  ALTER TABLE conversations ADD COLUMN last_ended TEXT;
  ALTER TABLE conversations ADD COLUMN read_up_to TEXT;

  CREATE TABLE settings (
    user_id TEXT PRIMARY KEY,
    content TEXT NOT NULL,
    revision INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID
`;
