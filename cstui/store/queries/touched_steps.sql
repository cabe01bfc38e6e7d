-- MRR steps of the customers an import or undo has touched, each customer's together.
SELECT m.customer_id, m.currency, m.steps FROM temp.touched_customer t JOIN mrr_steps m ON m.customer_id = t.id
ORDER BY m.customer_id, m.currency
