-- Everybody's subscription rows that bill for a quarter or longer and are the version in force on :as_of.
SELECT s.id, s.customer_id, s.subscription_id, s.started_at, s.amount, s.currency, s.interval, s.interval_count, s.quantity, s.discount,
       s.status, s.trial_end, s.status_since, s.cancel_requested_at, s.ended_at, s.current_period_end, NULL
FROM subscription s
WHERE s.started_at <= :as_of AND (s.ended_at IS NULL OR s.ended_at > :as_of)
  AND (s.interval IN ('year', 'quarter') OR (s.interval = 'month' AND s.interval_count >= 3) OR (s.interval = 'week' AND s.interval_count >= 13)
       OR (s.interval = 'day' AND s.interval_count >= 90))
  AND NOT EXISTS (SELECT 1 FROM subscription n WHERE n.subscription_id = s.subscription_id AND n.started_at > s.started_at AND n.started_at <= :as_of)
