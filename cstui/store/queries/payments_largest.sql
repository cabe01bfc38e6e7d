-- As payment_rows in the workspace's :currency, the first :most by their amount, none of which is below :least. The span is long: read through,
-- not looked up one by one, and what is too small is left before anything else is asked of it.
SELECT id, customer_id, paid_at, currency, kind, ifnull(source, ''), amount FROM payment
WHERE abs(amount) >= :least AND +paid_at >= :start AND +paid_at < :end AND status = 'paid' AND currency = :currency
  AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
ORDER BY abs(amount) DESC, customer_id, id LIMIT :most
