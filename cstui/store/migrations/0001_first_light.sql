-- The workspace, first form. Days are ints since 1970-01-01; money is an int of minor units of the row's currency.
-- Every fact names the file and line it came from (file_id NULL: entered by hand, at `line` NULL, see `entered`).

CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- One row. `revision` grows with every change to facts or settings; `as_of` is the last day an imported event happened.
CREATE TABLE state(
  one INTEGER PRIMARY KEY CHECK (one = 1), revision INTEGER NOT NULL, as_of INTEGER, foreign_money INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO state(one, revision) VALUES (1, 0);

CREATE TABLE import(
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, day INTEGER NOT NULL, undone_at TEXT, options TEXT NOT NULL DEFAULT '{}'
) STRICT;

-- One row per file *and kind* of an import.
CREATE TABLE import_file(
  id INTEGER PRIMARY KEY, import_id INTEGER NOT NULL REFERENCES import(id), day INTEGER NOT NULL,
  name TEXT NOT NULL, path TEXT, kind TEXT NOT NULL, source TEXT NOT NULL, sha256 TEXT, bytes INTEGER, mapping TEXT NOT NULL DEFAULT '{}',
  read INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL, unchanged INTEGER NOT NULL, refused INTEGER NOT NULL
) STRICT;
CREATE INDEX import_file_import ON import_file(import_id);

-- `severity`: refused (the row stayed out) or warning (it came in, and this is odd about it).
CREATE TABLE problem(
  file_id INTEGER NOT NULL REFERENCES import_file(id), line INTEGER NOT NULL, seq INTEGER NOT NULL, severity TEXT NOT NULL,
  "column" TEXT, code TEXT NOT NULL, value TEXT, message TEXT NOT NULL, PRIMARY KEY(file_id, line, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE customer(
  id INTEGER PRIMARY KEY, customer_id TEXT NOT NULL, fold TEXT NOT NULL UNIQUE,
  name TEXT, email TEXT, stage TEXT, created_at INTEGER, lost_at INTEGER, segment TEXT, plan TEXT, region TEXT, country TEXT,
  industry TEXT, owner TEXT, channel TEXT, language TEXT, contact_preference TEXT, goal TEXT,
  attributes TEXT,            -- custom attributes: a minified JSON object of text values, or NULL
  stub INTEGER NOT NULL DEFAULT 0,  -- 1: only mentioned by another fact so far; file_id and line name that fact
  file_id INTEGER, line INTEGER, entered INTEGER
) STRICT;

CREATE TABLE subscription(
  id INTEGER PRIMARY KEY, subscription_id TEXT NOT NULL, started_at INTEGER NOT NULL, customer_id INTEGER NOT NULL,
  amount INTEGER NOT NULL, plan TEXT, currency TEXT NOT NULL, interval TEXT, interval_count INTEGER, quantity TEXT, discount INTEGER,
  status TEXT, trial_start INTEGER, trial_end INTEGER, status_since INTEGER, cancel_requested_at INTEGER, ended_at INTEGER,
  current_period_end INTEGER, file_id INTEGER, line INTEGER, entered INTEGER, UNIQUE(subscription_id, started_at)
) STRICT;
CREATE INDEX subscription_customer ON subscription(customer_id);
CREATE INDEX subscription_ended ON subscription(ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX subscription_requested ON subscription(current_period_end) WHERE cancel_requested_at IS NOT NULL;

CREATE TABLE payment(
  id INTEGER PRIMARY KEY, payment_id TEXT NOT NULL UNIQUE, customer_id INTEGER NOT NULL, amount INTEGER NOT NULL, paid_at INTEGER,
  due_at INTEGER, currency TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL, source TEXT,
  file_id INTEGER, line INTEGER, entered INTEGER
) STRICT;
CREATE INDEX payment_customer ON payment(customer_id, paid_at);
CREATE INDEX payment_paid ON payment(paid_at);

-- The kinds that a later cstui imports. Their places are here so that no migration has to make them under a person's data.
CREATE TABLE usage(
  month INTEGER NOT NULL, customer_id INTEGER NOT NULL, user_id INTEGER NOT NULL, dom INTEGER NOT NULL, sessions INTEGER, minutes TEXT,
  events INTEGER, file_id INTEGER, line INTEGER, PRIMARY KEY(month, customer_id, user_id, dom)
) STRICT, WITHOUT ROWID;
CREATE TABLE usage_user(id INTEGER PRIMARY KEY, user_id TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE interaction(
  id INTEGER PRIMARY KEY, interaction_id TEXT NOT NULL UNIQUE, customer_id INTEGER NOT NULL, at INTEGER NOT NULL, channel TEXT,
  direction TEXT, kind TEXT, subject TEXT, status TEXT, resolved_at INTEGER, reopens INTEGER, owner TEXT, note TEXT,
  file_id INTEGER, line INTEGER, entered INTEGER
) STRICT;
CREATE INDEX interaction_customer ON interaction(customer_id, at);
CREATE TABLE survey(
  id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, answered_at INTEGER NOT NULL, kind TEXT NOT NULL, score TEXT NOT NULL,
  scale TEXT NOT NULL, direction TEXT, survey TEXT, response_id TEXT, respondent TEXT, touchpoint TEXT, comment TEXT,
  file_id INTEGER, line INTEGER, entered INTEGER
) STRICT;
CREATE INDEX survey_customer ON survey(customer_id, answered_at);
CREATE TABLE traffic(
  date INTEGER NOT NULL, channel TEXT NOT NULL, visits INTEGER, conversions INTEGER, leads INTEGER, file_id INTEGER, line INTEGER,
  PRIMARY KEY(date, channel)
) STRICT, WITHOUT ROWID;
CREATE TABLE cost(
  id INTEGER PRIMARY KEY, date INTEGER NOT NULL, category TEXT NOT NULL, amount INTEGER NOT NULL, cost_id TEXT, currency TEXT NOT NULL,
  channel TEXT, file_id INTEGER, line INTEGER, entered INTEGER
) STRICT;
CREATE TABLE exchange_rate(
  date INTEGER NOT NULL, "from" TEXT NOT NULL, "to" TEXT NOT NULL, rate TEXT NOT NULL, file_id INTEGER, line INTEGER,
  PRIMARY KEY("from", "to", date)
) STRICT, WITHOUT ROWID;

-- What an import's update replaced: the row as it was. `customer_id` etc. as in the table it guards.
CREATE TABLE customer_prior(
  import_id INTEGER NOT NULL, id INTEGER NOT NULL, customer_id TEXT NOT NULL, fold TEXT NOT NULL,
  name TEXT, email TEXT, stage TEXT, created_at INTEGER, lost_at INTEGER, segment TEXT, plan TEXT, region TEXT, country TEXT,
  industry TEXT, owner TEXT, channel TEXT, language TEXT, contact_preference TEXT, goal TEXT, attributes TEXT, stub INTEGER NOT NULL,
  file_id INTEGER, line INTEGER, entered INTEGER, PRIMARY KEY(import_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE subscription_prior(
  import_id INTEGER NOT NULL, id INTEGER NOT NULL, subscription_id TEXT NOT NULL, started_at INTEGER NOT NULL, customer_id INTEGER NOT NULL,
  amount INTEGER NOT NULL, plan TEXT, currency TEXT NOT NULL, interval TEXT, interval_count INTEGER, quantity TEXT, discount INTEGER,
  status TEXT, trial_start INTEGER, trial_end INTEGER, status_since INTEGER, cancel_requested_at INTEGER, ended_at INTEGER,
  current_period_end INTEGER, file_id INTEGER, line INTEGER, entered INTEGER, PRIMARY KEY(import_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE payment_prior(
  import_id INTEGER NOT NULL, id INTEGER NOT NULL, payment_id TEXT NOT NULL, customer_id INTEGER NOT NULL, amount INTEGER NOT NULL,
  paid_at INTEGER, due_at INTEGER, currency TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL, source TEXT,
  file_id INTEGER, line INTEGER, entered INTEGER, PRIMARY KEY(import_id, id)
) STRICT, WITHOUT ROWID;

-- Rollups: derived from the facts above, kept in step in the transaction that changes them, rebuilt by `doctor`.
-- A customer's MRR in a currency as steps: pairs of day and level from that day on, in minor units × 332640 (cstui.base.money.SCALE),
-- each a little-endian 64-bit integer. Packed, because 100,000 customers then read three times as fast as step by step.
CREATE TABLE mrr_steps(
  customer_id INTEGER NOT NULL, currency TEXT NOT NULL, steps BLOB NOT NULL, PRIMARY KEY(customer_id, currency)
) STRICT, WITHOUT ROWID;
-- Movements of a month over all customers. Amounts are text: sums may pass 64 bits.
CREATE TABLE mrr_month(
  month INTEGER PRIMARY KEY, first_paid INTEGER NOT NULL, new_n INTEGER NOT NULL, new TEXT NOT NULL, expanded_n INTEGER NOT NULL,
  expansion TEXT NOT NULL, contracted_n INTEGER NOT NULL, contraction TEXT NOT NULL, churned_n INTEGER NOT NULL, churned TEXT NOT NULL,
  returned_n INTEGER NOT NULL, reactivation TEXT NOT NULL, left_and_back INTEGER NOT NULL, joined_and_left INTEGER NOT NULL
) STRICT;
CREATE TABLE payment_day(
  day INTEGER NOT NULL, currency TEXT NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL, n INTEGER NOT NULL, amount INTEGER NOT NULL,
  PRIMARY KEY(day, currency, kind, source)
) STRICT, WITHOUT ROWID;
-- A customer's plan today: their own, or that of their latest subscription row.
CREATE TABLE customer_plan(customer_id INTEGER PRIMARY KEY, plan TEXT NOT NULL) STRICT;
CREATE TABLE customer_attr(
  name TEXT NOT NULL, value TEXT NOT NULL, customer_id INTEGER NOT NULL, PRIMARY KEY(name, value, customer_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE coverage(kind TEXT PRIMARY KEY, n INTEGER NOT NULL, first INTEGER, last INTEGER) STRICT, WITHOUT ROWID;
