-- As payment_rows, in other currencies than :currency alone.
SELECT id, customer_id, paid_at, currency, kind, ifnull(source, ''), amount FROM payment
WHERE +paid_at >= :start AND +paid_at < :end AND status = 'paid' AND currency <> :currency
  AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
