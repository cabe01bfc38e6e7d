-- The names of fields and custom attributes that somebody has, each found by one step down the index.
WITH RECURSIVE found(name) AS (
  SELECT min(name) FROM customer_attr
  UNION ALL SELECT (SELECT min(name) FROM customer_attr WHERE name > found.name) FROM found WHERE found.name IS NOT NULL)
SELECT name FROM found WHERE name IS NOT NULL
