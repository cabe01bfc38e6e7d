-- Rollups of terms and trials, so that renewals and conversions of years need not read every subscription row.
-- Terms of a quarter and longer that have begun. `turns`: the day on which the row's next term begins, of the last one that has; NULL: it has none.
-- `renewed`: MRR it was renewed at from `renewed_on` on, in its own currency; `mixed`: a JSON array of [currency, MRR] where it is not, or does not fit.
CREATE TABLE renewal_term(
  due INTEGER NOT NULL, row INTEGER NOT NULL, customer_id INTEGER NOT NULL, began INTEGER NOT NULL, turns INTEGER, currency TEXT NOT NULL,
  level INTEGER NOT NULL, renewed_on INTEGER, renewed INTEGER, mixed TEXT, PRIMARY KEY(due, row)
) STRICT, WITHOUT ROWID;
CREATE INDEX renewal_term_customer ON renewal_term(customer_id);
-- A customer's trials by their end; `paid_on` is the first day with MRR of the fourteen that start with it.
CREATE TABLE trial(
  ends INTEGER NOT NULL, customer_id INTEGER NOT NULL, began INTEGER NOT NULL, row INTEGER NOT NULL, paid_on INTEGER, PRIMARY KEY(ends, customer_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX trial_customer ON trial(customer_id);
