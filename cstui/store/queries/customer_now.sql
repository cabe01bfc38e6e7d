-- What the customers in :ids (a JSON array) pay on the last day of the data.
SELECT customer_id, elsewhere, mrr, first_paid FROM customer_now WHERE customer_id IN (SELECT value FROM json_each(:ids))
