/**
 * `revision` numbers the commits: the rows that one commit wrote share it. `position` is the
 * order in which messages came; it never changes, so pages of messages are stable. `content` is the JSON of what a message
 * is made of. `texts` holds what can be found, folded; titles have no `message_id`. `text_index` finds three characters
 * and more: its tokens are trigrams, which need no spaces between words.
 */
export const FIRST_SCHEMA = `
  CREATE TABLE store (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    checked_at TEXT
  ) STRICT;
  INSERT INTO store (one, id, revision) VALUES (1, lower(hex(randomblob(6))), 0);

  CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    title TEXT NOT NULL,
    pinned INTEGER NOT NULL,
    archived INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    revision INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX conversations_by_activity ON conversations (user_id, updated_at, id);
  CREATE INDEX conversations_by_revision ON conversations (user_id, revision);

  CREATE TABLE messages (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    parent_id TEXT,
    turn_id TEXT NOT NULL,
    role TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at TEXT NOT NULL,
    revision INTEGER NOT NULL,
    content TEXT NOT NULL,
    UNIQUE (turn_id, role)
  ) STRICT;
  CREATE INDEX messages_by_conversation ON messages (conversation_id, position);
  CREATE INDEX messages_by_revision ON messages (user_id, revision);

  CREATE TABLE tombstones (
    conversation_id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    revision INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX tombstones_by_revision ON tombstones (user_id, revision);

  CREATE TABLE texts (
    id INTEGER PRIMARY KEY,
    user_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    message_id TEXT,
    folded TEXT NOT NULL
  ) STRICT;
  CREATE INDEX texts_by_user ON texts (user_id);
  CREATE INDEX texts_by_message ON texts (conversation_id, message_id);
  CREATE VIRTUAL TABLE text_index USING fts5 (
    folded, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
  );

  CREATE TABLE allowed_tools (
    user_id TEXT NOT NULL,
    tool TEXT NOT NULL,
    PRIMARY KEY (user_id, tool)
  ) STRICT, WITHOUT ROWID
`;
