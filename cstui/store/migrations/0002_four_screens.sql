-- Use, voices, contacts, traffic and costs. What 0001 had put in their places was empty in every workspace: it is made anew.
-- The form is that of the first kinds: an `id`, what a file says, where it says so. Only `usage` is keyed by its own columns.

DROP TABLE usage;
DROP TABLE usage_user;
DROP TABLE interaction;
DROP TABLE survey;
DROP TABLE traffic;
DROP TABLE cost;
DROP TABLE exchange_rate;

-- A note and a contact logged by hand are interactions of the kinds 'note' and 'contact', with interaction_id 'hand-N'.
CREATE TABLE interaction(
  id INTEGER PRIMARY KEY, interaction_id TEXT NOT NULL, customer_id INTEGER NOT NULL, at INTEGER NOT NULL, channel TEXT, direction TEXT, kind TEXT, subject TEXT,
  status TEXT, resolved_at INTEGER, reopens INTEGER, owner TEXT, note TEXT,
  file_id INTEGER, line INTEGER, entered INTEGER, UNIQUE(interaction_id)
) STRICT;
CREATE INDEX interaction_customer ON interaction(customer_id, at);
-- `match` tells an answer from others: 'id␟survey␟kind␟response_id', or without a response_id 'row␟', every column and the running number
-- among equal rows of the file; entered by hand: 'hand␟' and a number. `score` is the decimal as it was given, never rescaled; `scale` 'LOW-HIGH'.
CREATE TABLE survey(
  id INTEGER PRIMARY KEY, match TEXT NOT NULL, customer_id INTEGER NOT NULL, answered_at INTEGER NOT NULL, kind TEXT NOT NULL, score TEXT NOT NULL, scale TEXT NOT NULL,
  direction TEXT, survey TEXT, response_id TEXT, respondent TEXT, touchpoint TEXT, comment TEXT,
  file_id INTEGER, line INTEGER, entered INTEGER, UNIQUE(match)
) STRICT;
CREATE INDEX survey_customer ON survey(customer_id, answered_at);
CREATE INDEX survey_kind ON survey(kind, answered_at);
-- `channel` '' : none was named.
CREATE TABLE traffic(
  id INTEGER PRIMARY KEY, date INTEGER NOT NULL, channel TEXT NOT NULL, visits INTEGER, conversions INTEGER, leads INTEGER,
  file_id INTEGER, line INTEGER, entered INTEGER, UNIQUE(date, channel)
) STRICT;
-- `match` as for answers: 'id␟cost_id', or 'row␟', every column and the running number.
CREATE TABLE cost(
  id INTEGER PRIMARY KEY, match TEXT NOT NULL, date INTEGER NOT NULL, category TEXT NOT NULL, amount INTEGER NOT NULL, cost_id TEXT, currency TEXT NOT NULL, channel TEXT,
  file_id INTEGER, line INTEGER, entered INTEGER, UNIQUE(match)
) STRICT;
CREATE INDEX cost_date ON cost(date);
-- One unit of `from` is `rate` (a decimal) of `to`.
CREATE TABLE exchange_rate(
  id INTEGER PRIMARY KEY, date INTEGER NOT NULL, "from" TEXT NOT NULL, "to" TEXT NOT NULL, rate TEXT NOT NULL,
  file_id INTEGER, line INTEGER, entered INTEGER, UNIQUE("from", "to", date)
) STRICT;

-- What an import's update replaced: the row as it was.
CREATE TABLE interaction_prior(
  import_id INTEGER NOT NULL, id INTEGER NOT NULL, interaction_id TEXT NOT NULL, customer_id INTEGER NOT NULL, at INTEGER NOT NULL, channel TEXT, direction TEXT, kind TEXT, subject TEXT,
  status TEXT, resolved_at INTEGER, reopens INTEGER, owner TEXT, note TEXT,
  file_id INTEGER, line INTEGER, entered INTEGER, PRIMARY KEY(import_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE survey_prior(
  import_id INTEGER NOT NULL, id INTEGER NOT NULL, match TEXT NOT NULL, customer_id INTEGER NOT NULL, answered_at INTEGER NOT NULL, kind TEXT NOT NULL, score TEXT NOT NULL, scale TEXT NOT NULL,
  direction TEXT, survey TEXT, response_id TEXT, respondent TEXT, touchpoint TEXT, comment TEXT,
  file_id INTEGER, line INTEGER, entered INTEGER, PRIMARY KEY(import_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE traffic_prior(
  import_id INTEGER NOT NULL, id INTEGER NOT NULL, date INTEGER NOT NULL, channel TEXT NOT NULL, visits INTEGER, conversions INTEGER, leads INTEGER,
  file_id INTEGER, line INTEGER, entered INTEGER, PRIMARY KEY(import_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE cost_prior(
  import_id INTEGER NOT NULL, id INTEGER NOT NULL, match TEXT NOT NULL, date INTEGER NOT NULL, category TEXT NOT NULL, amount INTEGER NOT NULL, cost_id TEXT, currency TEXT NOT NULL, channel TEXT,
  file_id INTEGER, line INTEGER, entered INTEGER, PRIMARY KEY(import_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE exchange_rate_prior(
  import_id INTEGER NOT NULL, id INTEGER NOT NULL, date INTEGER NOT NULL, "from" TEXT NOT NULL, "to" TEXT NOT NULL, rate TEXT NOT NULL,
  file_id INTEGER, line INTEGER, entered INTEGER, PRIMARY KEY(import_id, id)
) STRICT, WITHOUT ROWID;

-- A person's day. `month` is year × 12 + month − 1, `dom` the day of it (1 to 31), `minutes` thousandths of a minute; `user_id` 0: no user is
-- named, the customer is the user. NULL: the file did not say. Keyed by month first: that is how files arrive and how figures ask.
CREATE TABLE usage(
  month INTEGER NOT NULL, customer_id INTEGER NOT NULL, user_id INTEGER NOT NULL, dom INTEGER NOT NULL, sessions INTEGER, minutes INTEGER,
  events INTEGER, file_id INTEGER, line INTEGER, PRIMARY KEY(month, customer_id, user_id, dom)
) STRICT, WITHOUT ROWID;
CREATE TABLE usage_prior(
  import_id INTEGER NOT NULL, month INTEGER NOT NULL, customer_id INTEGER NOT NULL, user_id INTEGER NOT NULL, dom INTEGER NOT NULL,
  sessions INTEGER, minutes INTEGER, events INTEGER, file_id INTEGER, line INTEGER,
  PRIMARY KEY(import_id, month, customer_id, user_id, dom)
) STRICT, WITHOUT ROWID;
CREATE TABLE usage_user(id INTEGER PRIMARY KEY, user_id TEXT NOT NULL UNIQUE) STRICT;

-- Rollups of usage. `days`: bit dom − 1 is set for a day with use. The sums are NULL where no row of the month says any.
CREATE TABLE usage_month(
  month INTEGER NOT NULL, customer_id INTEGER NOT NULL, user_id INTEGER NOT NULL, days INTEGER NOT NULL, sessions INTEGER, minutes INTEGER,
  events INTEGER, PRIMARY KEY(month, customer_id, user_id)
) STRICT, WITHOUT ROWID;
-- Distinct (customer, user) on a day, in the 7 and in the 30 days that end with it, cut at the first covered day. Every covered day has its row.
CREATE TABLE usage_day(day INTEGER PRIMARY KEY, dau INTEGER NOT NULL, wau INTEGER NOT NULL, mau INTEGER NOT NULL) STRICT;

-- Names of fields that a person edited by hand, a JSON array: import leaves them as they are.
ALTER TABLE customer ADD COLUMN pinned TEXT;
CREATE TABLE customer_change(
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, customer_id INTEGER NOT NULL, field TEXT NOT NULL, before TEXT, after TEXT,
  undone INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX customer_change_customer ON customer_change(customer_id);
-- Answers recorded, changed and deleted by hand, as JSON: their history, undo and redo.
CREATE TABLE survey_change(
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, action TEXT NOT NULL, survey_id INTEGER NOT NULL, before TEXT, after TEXT,
  undone INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE draft(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
-- Salted marks of the folded ids of customers that were forgotten: import refuses their rows.
CREATE TABLE forgotten(mark TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE seen(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
-- A rollup: what each customer pays on as_of, so narrow that a list of 100,000 is in order within milliseconds. `elsewhere`: some of it is in
-- another currency; `first_paid`: the first day ever with MRR; `next`: the day after as_of on which their MRR is known to change.
CREATE TABLE customer_now(
  customer_id INTEGER PRIMARY KEY, elsewhere INTEGER NOT NULL, mrr INTEGER NOT NULL, first_paid INTEGER, next INTEGER, sort TEXT NOT NULL
) STRICT;
CREATE INDEX customer_now_order ON customer_now(elsewhere DESC, mrr DESC, sort);
