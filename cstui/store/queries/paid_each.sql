-- Paid payments from :start to before :end of the customers in :ids (a JSON array; NULL: all), one by one; refunds as positive amounts.
SELECT customer_id, paid_at, currency, kind, ifnull(source, ''), CASE WHEN kind = 'refund' THEN abs(amount) ELSE amount END FROM payment
WHERE paid_at >= :start AND paid_at < :end AND status = 'paid' AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
