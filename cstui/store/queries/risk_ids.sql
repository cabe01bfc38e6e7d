-- Internal and public ids of all customers.
SELECT id, customer_id FROM customer
