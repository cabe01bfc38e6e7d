-- What customers in :ids (a JSON array; NULL: all) have paid by :as_of in the workspace's :currency, less what was refunded.
SELECT customer_id, sum(CASE WHEN kind = 'refund' THEN -abs(amount) ELSE amount END) FROM payment
WHERE status = 'paid' AND paid_at <= :as_of AND currency = :currency AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
GROUP BY customer_id
