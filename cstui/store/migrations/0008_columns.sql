-- What figures over many customers need under a filter or breakdown, kept so that it is read at once instead of row by row.

-- A rollup of use: a month of `usage_month` as columns, in key order, each column whole numbers of one width, little-endian: customer << 32 |
-- user; the days; minutes and sessions of the days that name both (minutes −1: none does).
CREATE TABLE usage_column(
  month INTEGER PRIMARY KEY, users BLOB NOT NULL, days BLOB NOT NULL, minutes BLOB NOT NULL, sessions BLOB NOT NULL
) STRICT;
-- Whose answers a row counts, and who paid how much: customers by number, with commas between; `amounts` in the order of `customers`.
ALTER TABLE answer_month ADD COLUMN latest_of TEXT NOT NULL DEFAULT '';
ALTER TABLE answer_month ADD COLUMN others_of TEXT NOT NULL DEFAULT '';
ALTER TABLE payment_day ADD COLUMN customers TEXT NOT NULL DEFAULT '';
ALTER TABLE payment_day ADD COLUMN amounts TEXT NOT NULL DEFAULT '';
