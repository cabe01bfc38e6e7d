-- The first purchase row of each [customer, day] of :pairs (a JSON array).
SELECT p.customer_id, p.paid_at, min(p.id) FROM (SELECT value ->> 0 AS customer, value ->> 1 AS day FROM json_each(:pairs)) w
JOIN payment p ON p.customer_id = w.customer AND p.paid_at = w.day
WHERE p.status = 'paid' AND p.kind <> 'refund' AND p.amount >= 0
GROUP BY p.customer_id, p.paid_at
