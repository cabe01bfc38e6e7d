-- Customers who had begun a trial by :as_of, and the first day of the first.
SELECT group_concat(customer_id), group_concat(began) FROM (
  SELECT customer_id, min(ifnull(trial_start, started_at)) AS began FROM subscription
  WHERE (trial_end > started_at OR (trial_end IS NULL AND (trial_start IS NOT NULL OR status = 'trial')))
    AND ifnull(trial_start, started_at) <= :as_of
  GROUP BY customer_id
)
