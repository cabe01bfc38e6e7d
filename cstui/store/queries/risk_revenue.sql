-- Net payments from :start to before :end by customer in :ids (a JSON array; NULL: all) and currency.
SELECT customer_id, currency, sum(CASE WHEN kind = 'refund' THEN -abs(amount) ELSE amount END) FROM payment
WHERE status = 'paid' AND paid_at >= :start AND paid_at < :end AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
GROUP BY customer_id, currency
