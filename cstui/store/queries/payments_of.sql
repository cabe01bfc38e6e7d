-- As payment_rows, of the customers in :ids (a JSON array) by the index: for some of very many.
SELECT p.id, p.customer_id, p.paid_at, p.currency, p.kind, ifnull(p.source, ''), p.amount
FROM json_each(:ids) c CROSS JOIN payment p ON p.customer_id = c.value AND p.paid_at >= :start AND p.paid_at < :end
WHERE p.status = 'paid'
