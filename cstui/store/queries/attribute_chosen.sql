-- The customers whose field or custom attribute :field has one of :values (a JSON array).
SELECT customer_id FROM customer_attr WHERE name = :field AND value IN (SELECT value FROM json_each(:values))
