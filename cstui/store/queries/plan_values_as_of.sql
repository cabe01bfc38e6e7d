-- Customer and plan as known on :as_of: the customer's own, or that of the latest subscription row that had started by then.
SELECT customer_id, plan AS value FROM (
  SELECT c.id AS customer_id, coalesce(c.plan, (
    SELECT s.plan FROM subscription s WHERE s.customer_id = c.id AND s.started_at <= :as_of ORDER BY s.started_at DESC, s.id DESC LIMIT 1
  )) AS plan FROM customer c)
WHERE plan IS NOT NULL
