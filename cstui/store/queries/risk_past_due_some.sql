-- Subscription rows of the customers in :ids (a JSON array) that began by :as_of and whose status is past_due.
SELECT s.id, s.customer_id, s.subscription_id, s.started_at, s.amount, s.currency, s.interval, s.interval_count, s.quantity, s.discount,
       s.status, s.trial_end, s.status_since, s.cancel_requested_at, s.ended_at, s.current_period_end,
       (SELECT min(n.started_at) FROM subscription n WHERE n.subscription_id = s.subscription_id AND n.started_at > s.started_at)
FROM json_each(:ids) w CROSS JOIN subscription s ON s.customer_id = w.value
WHERE s.status = 'past_due' AND s.started_at <= :as_of
ORDER BY s.id
