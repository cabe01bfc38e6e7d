-- The same as risk_unpaid_all of the customers in :ids (a JSON array).
SELECT p.customer_id, p.id, iif(p.status = 'paid', p.due_at, ifnull(p.due_at, p.paid_at)) AS due, p.status = 'failed'
FROM json_each(:ids) w CROSS JOIN payment p ON p.customer_id = w.value
WHERE (p.status <> 'paid' OR p.paid_at > :through) AND due > :from AND due <= :through AND p.kind <> 'refund'
  AND NOT (p.status = 'failed' AND EXISTS (
    SELECT 1 FROM payment q
    WHERE q.customer_id = p.customer_id AND q.paid_at >= due AND q.paid_at <= :through AND q.status = 'paid' AND q.kind = p.kind
      AND q.currency = p.currency AND q.amount >= p.amount))
ORDER BY p.customer_id, due, p.id
