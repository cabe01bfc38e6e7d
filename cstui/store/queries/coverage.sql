-- First and last date of each kind of fact that has happened by :as_of or was entered by hand, and how many facts there are.
INSERT INTO coverage(kind, n, first, last)
SELECT 'customers', count(*), min(min(ifnull(created_at, lost_at), ifnull(lost_at, created_at))), max(max(ifnull(created_at, lost_at), ifnull(lost_at, created_at)))
  FROM customer WHERE stub = 0
UNION ALL SELECT 'subscriptions', count(*), min(started_at), max(started_at) FROM subscription
UNION ALL SELECT 'payments', count(*), min(ifnull(paid_at, due_at)), max(ifnull(paid_at, due_at)) FILTER (WHERE ifnull(paid_at, due_at) <= :as_of)
  FROM payment
UNION ALL SELECT 'usage', ifnull(sum(dau), 0), min(day), max(day) FROM usage_day
UNION ALL SELECT 'interactions', count(*), min(at), max(at) FILTER (WHERE at <= :as_of OR entered IS NOT NULL) FROM interaction
UNION ALL SELECT 'surveys', count(*), min(answered_at), max(answered_at) FILTER (WHERE answered_at <= :as_of OR entered IS NOT NULL) FROM survey
UNION ALL SELECT 'traffic', count(*), min(date), max(date) FILTER (WHERE date <= :as_of) FROM traffic
UNION ALL SELECT 'costs', count(*), min(date), max(date) FILTER (WHERE date <= :as_of) FROM cost
UNION ALL SELECT 'exchange_rates', count(*), min(date), max(date) FILTER (WHERE date <= :as_of) FROM exchange_rate
