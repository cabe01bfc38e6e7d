-- As attribute_values, of the customers in :ids (a JSON array).
SELECT customer_id, value FROM customer_attr WHERE name = :field AND customer_id IN (SELECT value FROM json_each(:ids))
