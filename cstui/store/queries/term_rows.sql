-- As subscription_rows, of customers who have a term that counts: every one with :every, else one that may be a quarter or longer.
SELECT s.id, s.customer_id, s.subscription_id, s.started_at, s.amount, s.currency, s.interval, s.interval_count, s.quantity, s.discount,
       s.status, s.trial_end, s.status_since, s.cancel_requested_at, s.ended_at, s.current_period_end,
       (SELECT min(n.started_at) FROM subscription n WHERE n.subscription_id = s.subscription_id AND n.started_at > s.started_at)
FROM subscription s
WHERE (:ids IS NULL OR s.customer_id IN (SELECT value FROM json_each(:ids)))
  AND s.customer_id IN (
    SELECT customer_id FROM subscription
    WHERE started_at <= :as_of AND (:every OR interval IN ('year', 'quarter') OR interval_count >= 3))
ORDER BY s.customer_id, s.id
