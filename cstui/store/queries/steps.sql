-- MRR steps of the customers in :ids (a JSON array; NULL: all). Two roads: no index serves a condition that may be none.
SELECT customer_id, currency, steps FROM mrr_steps WHERE :ids IS NULL
UNION ALL
SELECT m.customer_id, m.currency, m.steps FROM json_each(:ids) w CROSS JOIN mrr_steps m ON m.customer_id = w.value
