SELECT p.payment_id, p.amount, p.currency, p.kind, p.status, p.paid_at, p.due_at, p.source, f.name AS file, p.line, p.entered
FROM payment p LEFT JOIN import_file f ON f.id = p.file_id
WHERE p.customer_id = :id
ORDER BY ifnull(p.paid_at, p.due_at), p.payment_id
