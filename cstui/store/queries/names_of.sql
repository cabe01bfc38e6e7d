-- Ids and names of the customers in :ids (a JSON array).
SELECT c.id, c.customer_id, c.name FROM json_each(:ids) w JOIN customer c ON c.id = w.value
