-- Active days of everybody in :month.
SELECT customer_id, days FROM usage_month WHERE month = :month
