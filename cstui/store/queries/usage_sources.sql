-- For each [customer, user] of :pairs (a JSON array) their last day of use from :first_month on and up to :last_month and :last_dom, and where the
-- file says it.
SELECT p.customer_id, p.user_id, ifnull(w.user_id, c.customer_id), c.customer_id, c.name, f.name, u.line FROM (
  SELECT q.customer_id, q.user_id, (
    SELECT max(month * 32 + dom) FROM usage u WHERE u.month BETWEEN :first_month AND :last_month AND u.customer_id = q.customer_id
      AND u.user_id = q.user_id AND (u.month < :last_month OR u.dom <= :last_dom)) AS day
  FROM (SELECT value ->> 0 AS customer_id, value ->> 1 AS user_id FROM json_each(:pairs)) q) p
JOIN usage u ON u.month = p.day / 32 AND u.customer_id = p.customer_id AND u.user_id = p.user_id AND u.dom = p.day % 32
JOIN customer c ON c.id = p.customer_id LEFT JOIN usage_user w ON w.id = p.user_id LEFT JOIN import_file f ON f.id = u.file_id
