-- Active days of the customers in :ids (a JSON array) in :month.
SELECT u.customer_id, u.days FROM json_each(:ids) w CROSS JOIN usage_month u ON u.month = :month AND u.customer_id = w.value
