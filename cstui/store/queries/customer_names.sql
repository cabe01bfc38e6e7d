SELECT id, customer_id, name, email FROM customer
