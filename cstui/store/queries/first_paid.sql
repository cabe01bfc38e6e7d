-- The first paid day ever, up to the workspace's own as_of, of the customers in :ids (a JSON array; NULL: all) who have one, from the rollup; with
-- :start, of those alone who have it from there to before :end.
SELECT customer_id, first_paid FROM customer_now
WHERE first_paid IS NOT NULL AND (:start IS NULL OR (first_paid >= :start AND first_paid < :end))
  AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
