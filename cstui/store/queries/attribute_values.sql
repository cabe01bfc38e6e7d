-- Customer and value of the field or custom attribute :field.
SELECT customer_id, value FROM customer_attr WHERE name = :field
