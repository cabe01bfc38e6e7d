-- Rows of customers who have terms that count (as in term_lengths) among those in :ids, by column; `terms` is what many rows have in common, in words.
-- The numbers of a status are those of cstui.metrics.step_columns.
SELECT ifnull(group_concat(customer_id), ''), ifnull(group_concat(started_at), ''), ifnull(group_concat(ifnull(trial_end, :never)), ''),
       ifnull(group_concat(ifnull(status_since, :never)), ''), ifnull(group_concat(ifnull(cancel_requested_at, :never)), ''),
       ifnull(group_concat(ifnull(ended_at, :never)), ''), ifnull(group_concat(ifnull(current_period_end, :never)), ''),
       ifnull(group_concat(ifnull((SELECT min(n.started_at) FROM subscription n
                                   WHERE n.subscription_id = s.subscription_id AND n.started_at > s.started_at), :never)), ''),
       ifnull(group_concat(amount || ' ' || ifnull(discount, 0) || ' ' || ifnull(interval_count, 1) || ' ' || ifnull(quantity, '1') || ' ' ||
                           ifnull(interval, 'month') || ' ' || currency || ' ' ||
                           CASE status WHEN 'past_due' THEN 0 WHEN 'cancelled' THEN 1 WHEN 'paused' THEN 2 WHEN 'trial' THEN 3 ELSE 4 END, char(31)), '')
FROM subscription s NOT INDEXED
WHERE customer_id IN (
  SELECT customer_id FROM subscription
  WHERE started_at <= :as_of AND (:every OR interval IN ('year', 'quarter') OR interval_count >= 3)
    AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids))))
