-- For each [customer, user] of :pairs (a JSON array) their last day of use in the :months (a JSON array) up to :last_month and :last_dom, and where
-- the file says it. Month by month, each by the key: between two months the key would not reach the customer.
SELECT p.customer_id, p.user_id, ifnull(w.user_id, c.customer_id), c.customer_id, c.name, f.name, u.line FROM (
  SELECT q.value ->> 0 AS customer_id, q.value ->> 1 AS user_id, (
    SELECT max(u.month * 32 + u.dom) FROM json_each(:months) m CROSS JOIN usage u ON u.month = m.value
      AND u.customer_id = q.value ->> 0 AND u.user_id = q.value ->> 1 AND (u.month < :last_month OR u.dom <= :last_dom)) AS day
  FROM json_each(:pairs) q) p
JOIN usage u ON u.month = p.day / 32 AND u.customer_id = p.customer_id AND u.user_id = p.user_id AND u.dom = p.day % 32
JOIN customer c ON c.id = p.customer_id LEFT JOIN usage_user w ON w.id = p.user_id LEFT JOIN import_file f ON f.id = u.file_id
