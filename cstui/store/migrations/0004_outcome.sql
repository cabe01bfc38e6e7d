-- What an import came to beside its counts, the refused rows' raw text for a while, and the way forward again after an undo.

-- `changes`: how its updates went, field by field, as JSON. `written`: rows of the workspace that it made or changed.
ALTER TABLE import_file ADD COLUMN changes TEXT;
ALTER TABLE import_file ADD COLUMN written INTEGER;

-- A refused row as it stood: its cells, a JSON array of text. Kept for 90 days.
CREATE TABLE refused_row(
  file_id INTEGER NOT NULL, line INTEGER NOT NULL, cells TEXT NOT NULL, PRIMARY KEY(file_id, line)
) STRICT, WITHOUT ROWID;

-- Rows of an import that was taken back. `later` 0: the row was as the import left it, and was reversed; else the import that had changed it
-- since, in whose memory of “before” it was. `after` and `before` are its columns, as `undone_kind` names them, as JSON arrays: as the import
-- left it, and as it was before (NULL: it was not there). Numbers of customers and users are those of `undone_customer` and `undone_user`.
CREATE TABLE undone_kind(
  import_id INTEGER NOT NULL, kind TEXT NOT NULL, columns TEXT NOT NULL, failed INTEGER NOT NULL, PRIMARY KEY(import_id, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE undone_row(
  import_id INTEGER NOT NULL, kind TEXT NOT NULL, id INTEGER NOT NULL, later INTEGER NOT NULL, customer_id INTEGER, label TEXT NOT NULL,
  pinned TEXT, after TEXT NOT NULL, before TEXT, PRIMARY KEY(import_id, kind, id, later)
) STRICT, WITHOUT ROWID;
CREATE TABLE undone_customer(
  import_id INTEGER NOT NULL, id INTEGER NOT NULL, customer_id TEXT NOT NULL, fold TEXT NOT NULL, PRIMARY KEY(import_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE undone_user(
  import_id INTEGER NOT NULL, id INTEGER NOT NULL, user_id TEXT NOT NULL, PRIMARY KEY(import_id, id)
) STRICT, WITHOUT ROWID;
-- Use, in columns of its own: `was_` what the row had been; `was_file_id` and the rest NULL where it had not been there (`new` 1).
CREATE TABLE usage_undone(
  import_id INTEGER NOT NULL, month INTEGER NOT NULL, customer_id INTEGER NOT NULL, user_id INTEGER NOT NULL, dom INTEGER NOT NULL,
  later INTEGER NOT NULL, sessions INTEGER, minutes INTEGER, events INTEGER, file_id INTEGER, line INTEGER, new INTEGER NOT NULL,
  was_sessions INTEGER, was_minutes INTEGER, was_events INTEGER, was_file_id INTEGER, was_line INTEGER,
  PRIMARY KEY(import_id, month, customer_id, user_id, dom, later)
) STRICT, WITHOUT ROWID;
