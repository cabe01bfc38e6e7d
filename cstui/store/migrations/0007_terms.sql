-- A rollup of trials, so that conversions of years need not read every subscription row.
-- A customer's trials by their end; `paid_on` is the first day with MRR of the fourteen that start with it.
CREATE TABLE trial(
  ends INTEGER NOT NULL, customer_id INTEGER NOT NULL, began INTEGER NOT NULL, row INTEGER NOT NULL, paid_on INTEGER, PRIMARY KEY(ends, customer_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX trial_customer ON trial(customer_id);
