-- Customers whose MRR may read differently as of :after than as of :before, whatever else changed; a few too many do no harm.
SELECT DISTINCT customer_id FROM subscription
WHERE (status <> 'active' AND status_since IS NULL)
   OR max(started_at, ifnull(ended_at, 0), ifnull(cancel_requested_at, 0), ifnull(status_since, 0), ifnull(trial_end, 0)) > min(:before, :after)
   OR (cancel_requested_at IS NOT NULL AND current_period_end > min(:before, :after))
   OR (status = 'past_due' AND ifnull(current_period_end, status_since) + :past_due_days > min(:before, :after))
