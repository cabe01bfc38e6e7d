-- Who bought on which day, up to :as_of: a paid payment that is no refund and no credit. One of nothing was a purchase too.
SELECT customer_id, paid_at FROM payment INDEXED BY payment_customer
WHERE paid_at <= :as_of AND status = 'paid' AND kind <> 'refund' AND amount >= 0
ORDER BY customer_id, paid_at
