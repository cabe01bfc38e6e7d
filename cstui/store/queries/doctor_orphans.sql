-- Facts whose customer or file is not there. No foreign key holds these links: it would cost every large import.
SELECT 'subscription' AS fact, count(*) AS n FROM subscription s WHERE NOT EXISTS (SELECT 1 FROM customer c WHERE c.id = s.customer_id)
UNION ALL SELECT 'payment', count(*) FROM payment p WHERE NOT EXISTS (SELECT 1 FROM customer c WHERE c.id = p.customer_id)
UNION ALL SELECT 'usage', count(*) FROM usage u WHERE NOT EXISTS (SELECT 1 FROM customer c WHERE c.id = u.customer_id)
UNION ALL SELECT 'interaction', count(*) FROM interaction i WHERE NOT EXISTS (SELECT 1 FROM customer c WHERE c.id = i.customer_id)
UNION ALL SELECT 'survey', count(*) FROM survey a WHERE NOT EXISTS (SELECT 1 FROM customer c WHERE c.id = a.customer_id)
UNION ALL SELECT 'customer without its file', count(*) FROM customer c
  WHERE c.file_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM import_file f WHERE f.id = c.file_id)
UNION ALL SELECT 'subscription without its file', count(*) FROM subscription s
  WHERE s.file_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM import_file f WHERE f.id = s.file_id)
UNION ALL SELECT 'payment without its file', count(*) FROM payment p
  WHERE p.file_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM import_file f WHERE f.id = p.file_id)
UNION ALL SELECT 'interaction without its file', count(*) FROM interaction x
  WHERE x.file_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM import_file f WHERE f.id = x.file_id)
UNION ALL SELECT 'survey without its file', count(*) FROM survey x
  WHERE x.file_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM import_file f WHERE f.id = x.file_id)
UNION ALL SELECT 'traffic without its file', count(*) FROM traffic x
  WHERE x.file_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM import_file f WHERE f.id = x.file_id)
UNION ALL SELECT 'cost without its file', count(*) FROM cost x
  WHERE x.file_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM import_file f WHERE f.id = x.file_id)
UNION ALL SELECT 'exchange rate without its file', count(*) FROM exchange_rate x
  WHERE x.file_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM import_file f WHERE f.id = x.file_id)
