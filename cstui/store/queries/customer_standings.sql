-- What customers in :ids (a JSON array; NULL: all) pay on the last day of the data, of those who ever paid.
SELECT customer_id, mrr, elsewhere, first_paid FROM customer_now
WHERE first_paid IS NOT NULL AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
