-- As touched_rows and by column, ascending by id, where so many customers are touched that one pass through all rows is quicker than a
-- look at each. The numbers of a status are those of cstui.metrics.step_columns. Days that most rows have none of come as id and day in
-- turn, of the rows that have one.
SELECT group_concat(id), group_concat(customer_id), group_concat(started_at), group_concat(ifnull(ended_at, :never)),
       group_concat(id || ',' || trial_start) FILTER (WHERE trial_start IS NOT NULL),
       group_concat(id || ',' || trial_end) FILTER (WHERE trial_end IS NOT NULL),
       group_concat(id || ',' || status_since) FILTER (WHERE status_since IS NOT NULL),
       group_concat(id || ',' || cancel_requested_at) FILTER (WHERE cancel_requested_at IS NOT NULL),
       group_concat(id || ',' || current_period_end) FILTER (WHERE current_period_end IS NOT NULL),
       group_concat(CASE status WHEN 'past_due' THEN 0 WHEN 'cancelled' THEN 1 WHEN 'paused' THEN 2 WHEN 'trial' THEN 3 ELSE 4 END),
       group_concat(amount), group_concat(ifnull(discount, 0)), group_concat(ifnull(interval_count, 1)),
       group_concat(ifnull(quantity, '1'), char(31)), group_concat(ifnull(interval, 'month'), char(31)),
       group_concat(currency, char(31)), group_concat(ifnull(plan, ''), char(31))
FROM subscription NOT INDEXED
WHERE id > :after AND id <= :upto AND customer_id IN (SELECT id FROM temp.touched_customer)
