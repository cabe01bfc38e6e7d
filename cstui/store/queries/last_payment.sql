-- The last date of a payment known on :as_of: when it was paid, or else was due.
SELECT max(ifnull(paid_at, due_at)) FROM payment WHERE ifnull(paid_at, due_at) <= :as_of
