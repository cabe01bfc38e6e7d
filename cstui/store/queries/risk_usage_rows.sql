-- A customer's rows of use in :months (a JSON array), latest first: month, day of it, who, sessions, events, file, line.
SELECT u.month, u.dom, p.user_id, u.sessions, u.events, f.name, u.line
FROM json_each(:months) m CROSS JOIN usage u ON u.month = m.value AND u.customer_id = :id
LEFT JOIN usage_user p ON p.id = u.user_id
LEFT JOIN import_file f ON f.id = u.file_id
ORDER BY u.month DESC, u.dom DESC, u.user_id
