-- Subscription rows with an end after :as_of, or a request to cancel a period that runs past it; the rest can't be scheduled churn.
SELECT s.id, s.customer_id, s.subscription_id, s.started_at, s.amount, s.currency, s.interval, s.interval_count, s.quantity, s.discount,
       s.status, s.trial_end, s.status_since, s.cancel_requested_at, s.ended_at, s.current_period_end,
       (SELECT min(n.started_at) FROM subscription n WHERE n.subscription_id = s.subscription_id AND n.started_at > s.started_at)
FROM subscription s
WHERE s.id IN (
    SELECT id FROM subscription WHERE ended_at > :as_of
    UNION SELECT id FROM subscription WHERE cancel_requested_at IS NOT NULL AND current_period_end > :as_of)
  AND s.started_at <= :as_of
  AND (:ids IS NULL OR s.customer_id IN (SELECT value FROM json_each(:ids)))
ORDER BY s.id
