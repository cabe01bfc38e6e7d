-- Everybody's payments due after :from and by :through, and not paid by then. What is no payment yet is due on its due day, or on the day
-- of the attempt where it has no other. A failed one that a later payment of as much has made good is left out.
SELECT p.customer_id, p.id, iif(p.status = 'paid', p.due_at, ifnull(p.due_at, p.paid_at)) AS due, p.status = 'failed'
FROM payment p
WHERE (p.status <> 'paid' OR p.paid_at > :through) AND due > :from AND due <= :through AND p.kind <> 'refund'
  AND NOT (p.status = 'failed' AND EXISTS (
    SELECT 1 FROM payment q
    WHERE q.customer_id = p.customer_id AND q.paid_at >= due AND q.paid_at <= :through AND q.status = 'paid' AND q.kind = p.kind
      AND q.currency = p.currency AND q.amount >= p.amount))
ORDER BY p.customer_id, due, p.id
