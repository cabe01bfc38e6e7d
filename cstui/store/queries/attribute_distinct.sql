-- The values of the field or custom attribute :field, by code point, each found by one step down the index.
WITH RECURSIVE found(value) AS (
  SELECT min(value) FROM customer_attr WHERE name = :field
  UNION ALL SELECT (SELECT min(value) FROM customer_attr WHERE name = :field AND value > found.value) FROM found WHERE found.value IS NOT NULL)
SELECT value FROM found WHERE value IS NOT NULL
