SELECT i.id, i.interaction_id, i.at, i.channel, i.direction, i.kind, i.subject, i.status, i.resolved_at, i.reopens, i.owner, i.note,
       f.name AS file, i.line, i.entered
FROM interaction i LEFT JOIN import_file f ON f.id = i.file_id
WHERE i.customer_id = :id
ORDER BY i.at, i.id
