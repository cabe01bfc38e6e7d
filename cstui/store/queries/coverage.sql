-- First and last date of each kind of fact that has happened by :as_of, and how many facts there are.
INSERT INTO coverage(kind, n, first, last)
SELECT 'customers', count(*), min(min(ifnull(created_at, lost_at), ifnull(lost_at, created_at))), max(max(ifnull(created_at, lost_at), ifnull(lost_at, created_at)))
  FROM customer WHERE stub = 0
UNION ALL SELECT 'subscriptions', count(*), min(started_at), max(started_at) FROM subscription
UNION ALL SELECT 'payments', count(*), min(ifnull(paid_at, due_at)), max(ifnull(paid_at, due_at)) FILTER (WHERE ifnull(paid_at, due_at) <= :as_of)
  FROM payment
