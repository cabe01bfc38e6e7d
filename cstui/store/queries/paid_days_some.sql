-- Paid payments from :start to before :end of the customers in :ids (a JSON array), summed by day as the rollup does.
SELECT NULL, paid_at, currency, kind, ifnull(source, ''), count(*), sum(CASE WHEN kind = 'refund' THEN abs(amount) ELSE amount END)
FROM payment
WHERE paid_at >= :start AND paid_at < :end AND status = 'paid' AND customer_id IN (SELECT value FROM json_each(:ids))
GROUP BY paid_at, currency, kind, ifnull(source, '')
