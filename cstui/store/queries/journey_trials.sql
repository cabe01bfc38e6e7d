-- Customer and first day of each trial that had begun by :as_of, of the customers in :ids (a JSON array; NULL: all).
SELECT customer_id, min(ifnull(trial_start, started_at)) FROM subscription
WHERE (trial_end > started_at OR (trial_end IS NULL AND (trial_start IS NOT NULL OR status = 'trial')))
  AND ifnull(trial_start, started_at) <= :as_of
  AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
GROUP BY customer_id
