-- What has been imported when, what later imports did to past figures, and the reports that were made.

-- A rollup: rows of a kind by their day, of those that have one. Use has its days in usage_day. Writers add what they make and take away
-- what they change; nothing is counted again but by `doctor --rebuild`.
CREATE TABLE coverage_day(kind TEXT NOT NULL, day INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY(kind, day)) STRICT, WITHOUT ROWID;

-- A figure of a complete month that a write changed. `cause` is 'import', 'undo', 'setting' or 'forget', `name` the import's number or the
-- setting. Values are fractions, 'n/d', in major units; NULL: unknown, or the month was not complete.
CREATE TABLE restated(
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, cause TEXT NOT NULL, name TEXT NOT NULL, metric TEXT NOT NULL, month INTEGER NOT NULL,
  before TEXT, after TEXT
) STRICT;
CREATE INDEX restated_revision ON restated(revision);

-- A report as it was made, once for each `digest` of its content. `document` is JSON: blocks of words and figures, already written out.
CREATE TABLE report(
  id INTEGER PRIMARY KEY, made INTEGER NOT NULL, revision INTEGER NOT NULL, as_of INTEGER, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  filters TEXT NOT NULL, switches TEXT NOT NULL, digest TEXT NOT NULL UNIQUE, document TEXT NOT NULL
) STRICT;
