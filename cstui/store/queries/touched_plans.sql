-- The plan of today, by which customers can be filtered and broken down.
INSERT INTO customer_attr(name, value, customer_id)
SELECT 'plan', p.plan, p.customer_id FROM temp.touched_customer t JOIN customer_plan p ON p.customer_id = t.id
WHERE p.plan IS NOT NULL
ORDER BY 2, 3
