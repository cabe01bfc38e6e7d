-- Who has each value of the field or custom attribute :field, in one text.
SELECT value, group_concat(customer_id) FROM customer_attr WHERE name = :field GROUP BY value
