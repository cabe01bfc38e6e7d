-- What says when the terms of subscription rows are due, of the customers in :ids (a JSON array; NULL: all): of every row with :every, else of those
-- whose terms may be a quarter or longer.
SELECT customer_id, CASE WHEN trial_end > started_at THEN trial_end ELSE started_at END, ifnull(interval, 'month'), ifnull(interval_count, 1),
       current_period_end, ended_at
FROM subscription
WHERE started_at <= :as_of AND (:every OR interval IN ('year', 'quarter') OR interval_count >= 3)
  AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
