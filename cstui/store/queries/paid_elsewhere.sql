-- Paid payments in other currencies than :currency by :as_of, one by one; refunds taken away.
SELECT customer_id, paid_at, currency, CASE WHEN kind = 'refund' THEN -abs(amount) ELSE amount END FROM payment
WHERE status = 'paid' AND paid_at <= :as_of AND currency <> :currency AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
