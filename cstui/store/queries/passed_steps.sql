-- MRR steps of untouched customers who may stand otherwise on :after: those with a change up to it, or everybody where the day goes back.
SELECT m.customer_id, m.currency, m.steps FROM customer_now n JOIN mrr_steps m ON m.customer_id = n.customer_id
WHERE (n.next <= :after OR :back) AND n.customer_id NOT IN (SELECT id FROM temp.touched_customer)
ORDER BY m.customer_id, m.currency
