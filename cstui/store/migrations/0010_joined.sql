-- Ids that a file gave a customer whom it had joined by e-mail address or domain (`into_fold`: whom, `fold`: the id, `email`: the address, where
-- it was that), so that forgetting the customer covers them; and which mark each mark was left with, so that lifting one lifts all of them.
CREATE TABLE joined_customer(
  into_fold TEXT NOT NULL, fold TEXT NOT NULL, email TEXT, PRIMARY KEY(into_fold, fold)
) STRICT, WITHOUT ROWID;
ALTER TABLE forgotten ADD COLUMN of TEXT;
