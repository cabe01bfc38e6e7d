-- What the risk list shows of the customers in :ids (a JSON array) beside their score.
SELECT c.id, c.customer_id, c.name, c.owner, c.segment FROM json_each(:ids) w CROSS JOIN customer c ON c.id = w.value
