-- As touched_rows, in any order, where so many customers are touched that one pass through all rows is quicker than a look at each.
SELECT s.id, s.customer_id, s.started_at, ifnull(s.trial_start, s.started_at), ifnull(s.trial_end, :never), ifnull(s.status_since, :never),
       ifnull(s.cancel_requested_at, :never), ifnull(s.ended_at, :never), ifnull(s.current_period_end, :never),
       s.currency, s.status, s.plan, s.amount, s.quantity, s.discount, s.interval, s.interval_count
FROM subscription s NOT INDEXED
WHERE s.customer_id IN (SELECT id FROM temp.touched_customer)
ORDER BY s.id
