-- What customers can be filtered and broken down by beside their plan: the declared fields, and custom attributes.
INSERT INTO customer_attr(name, value, customer_id)
SELECT name, value, customer_id FROM (
  SELECT 'stage' AS name, stage AS value, c.id AS customer_id FROM temp.touched_customer t JOIN customer c ON c.id = t.id
  UNION ALL SELECT 'segment', segment, c.id FROM temp.touched_customer t JOIN customer c ON c.id = t.id
  UNION ALL SELECT 'region', region, c.id FROM temp.touched_customer t JOIN customer c ON c.id = t.id
  UNION ALL SELECT 'country', country, c.id FROM temp.touched_customer t JOIN customer c ON c.id = t.id
  UNION ALL SELECT 'industry', industry, c.id FROM temp.touched_customer t JOIN customer c ON c.id = t.id
  UNION ALL SELECT 'owner', owner, c.id FROM temp.touched_customer t JOIN customer c ON c.id = t.id
  UNION ALL SELECT 'channel', channel, c.id FROM temp.touched_customer t JOIN customer c ON c.id = t.id
  UNION ALL SELECT 'language', language, c.id FROM temp.touched_customer t JOIN customer c ON c.id = t.id
  UNION ALL SELECT 'contact_preference', contact_preference, c.id FROM temp.touched_customer t JOIN customer c ON c.id = t.id
  UNION ALL SELECT a.key, a.value, c.id FROM temp.touched_customer t JOIN customer c ON c.id = t.id, json_each(c.attributes) a
)
WHERE value IS NOT NULL
ORDER BY 1, 2, 3
