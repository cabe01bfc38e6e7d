-- How many customers have a value of the field or custom attribute :field.
SELECT count(*) FROM customer_attr WHERE name = :field
