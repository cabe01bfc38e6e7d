-- Rows with a trial that had begun by :as_of, of the customers in :ids (a JSON array; NULL: all): row, customer, when it began and ends.
-- A trial of no days is none.
SELECT id, customer_id, ifnull(trial_start, started_at), trial_end FROM subscription
WHERE trial_end > ifnull(trial_start, started_at) AND started_at <= :as_of AND ifnull(trial_start, started_at) <= :as_of
  AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
