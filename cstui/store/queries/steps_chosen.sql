-- MRR steps of the customers whose field or custom attribute :field has one of :values (a JSON array), each customer's together.
SELECT m.customer_id, m.currency, m.steps
FROM customer_attr a CROSS JOIN mrr_steps m ON m.customer_id = a.customer_id
WHERE a.name = :field AND a.value IN (SELECT value FROM json_each(:values))
