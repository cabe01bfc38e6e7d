-- As usage_months, of the customers in :ids (a JSON array) by the key: for some of very many. :months is a JSON array.
SELECT u.month, u.customer_id, u.user_id, u.days
FROM json_each(:months) m CROSS JOIN json_each(:ids) c CROSS JOIN usage_month u ON u.month = m.value AND u.customer_id = c.value
