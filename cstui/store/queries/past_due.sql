-- Customers with a subscription row whose status is past_due.
SELECT DISTINCT customer_id FROM subscription WHERE status = 'past_due'
