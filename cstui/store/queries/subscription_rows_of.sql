-- As subscription_rows, of the customers in :ids (a JSON array) by the index: for some of very many.
SELECT s.id, s.customer_id, s.subscription_id, s.started_at, s.amount, s.currency, s.interval, s.interval_count, s.quantity, s.discount,
       s.status, s.trial_end, s.status_since, s.cancel_requested_at, s.ended_at, s.current_period_end,
       (SELECT min(n.started_at) FROM subscription n WHERE n.subscription_id = s.subscription_id AND n.started_at > s.started_at)
FROM subscription s
WHERE s.customer_id IN (SELECT value FROM json_each(:ids))
ORDER BY s.customer_id, s.id
