-- Plan today: the customer's own, or that of their latest subscription row that has started (a later row of the same day wins).
INSERT INTO customer_plan(customer_id, plan)
SELECT c.id, c.plan FROM temp.touched_customer t JOIN customer c ON c.id = t.id WHERE c.plan IS NOT NULL
UNION ALL
SELECT id, plan FROM (
  SELECT c.id AS id, s.plan AS plan, max(s.started_at * 4294967296 + s.id)
  FROM temp.touched_customer t JOIN customer c ON c.id = t.id JOIN subscription s ON s.customer_id = c.id
  WHERE c.plan IS NULL AND s.started_at <= :as_of GROUP BY c.id)
WHERE plan IS NOT NULL
