-- Whom the rows of a rollup count, beside it and not in it: whoever only adds up would turn the pages of all these lists, and opening took longer
-- the more customers there were. Both rollups are filled again after the upgrade.

DROP TABLE payment_day;
CREATE TABLE payment_day(
  day INTEGER NOT NULL, currency TEXT NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL, n INTEGER NOT NULL, amount INTEGER NOT NULL,
  PRIMARY KEY(day, currency, kind, source)
) STRICT, WITHOUT ROWID;
-- Who paid how much on a day: customers by number and their amounts, in one order, with commas between; with ; between the rows of
-- payment_day, in the order of its key.
CREATE TABLE payment_who(day INTEGER PRIMARY KEY, customers TEXT NOT NULL, amounts TEXT NOT NULL) STRICT;

DROP TABLE answer_month;
CREATE TABLE answer_month(
  kind TEXT NOT NULL, month INTEGER NOT NULL, scale TEXT NOT NULL, direction TEXT NOT NULL, touchpoint TEXT NOT NULL, score TEXT NOT NULL,
  n INTEGER NOT NULL, latest INTEGER NOT NULL, PRIMARY KEY(kind, month, scale, direction, touchpoint, score)
) STRICT, WITHOUT ROWID;
-- The same of answers: who gave the latest ones, and the others.
CREATE TABLE answer_who(
  kind TEXT NOT NULL, month INTEGER NOT NULL, latest_of TEXT NOT NULL, others_of TEXT NOT NULL, PRIMARY KEY(kind, month)
) STRICT, WITHOUT ROWID;
