-- The rows of :month that import :import changes, as they were.
INSERT INTO usage_prior(import_id, month, customer_id, user_id, dom, sessions, minutes, events, file_id, line)
SELECT :import, u.month, u.customer_id, u.user_id, u.dom, u.sessions, u.minutes, u.events, u.file_id, u.line
  FROM temp.changed_usage AS n CROSS JOIN usage AS u
    ON u.month = :month AND u.customer_id = n.customer_id AND u.user_id = n.user_id AND u.dom = n.dom
