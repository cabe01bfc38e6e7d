-- Payments of the customers in :ids (a JSON array) due after :from and by :through, and not paid by then. A failed one that a later
-- payment of as much has made good is left out.
SELECT p.customer_id, p.id, p.due_at, p.status = 'failed'
FROM json_each(:ids) w CROSS JOIN payment p ON p.customer_id = w.value
WHERE (p.paid_at IS NULL OR p.paid_at > :through) AND p.due_at > :from AND p.due_at <= :through AND p.kind <> 'refund'
  AND NOT (p.status = 'failed' AND EXISTS (
    SELECT 1 FROM payment q
    WHERE q.customer_id = p.customer_id AND q.paid_at >= p.due_at AND q.paid_at <= :through AND q.status = 'paid' AND q.kind = p.kind
      AND q.currency = p.currency AND q.amount >= p.amount))
ORDER BY p.customer_id, p.due_at, p.id
