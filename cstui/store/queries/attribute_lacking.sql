-- The customers who have no value of the field or custom attribute :field.
SELECT id AS customer_id FROM customer WHERE id NOT IN (SELECT customer_id FROM customer_attr WHERE name = :field)
