-- MRR steps of the customers in :ids (a JSON array; NULL: all).
SELECT customer_id, currency, steps FROM mrr_steps WHERE :ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids))
