SELECT s.id, s.answered_at, s.kind, s.score, s.scale, s.direction, s.survey, s.respondent, s.touchpoint, s.comment,
       f.name AS file, s.line, s.entered
FROM survey s LEFT JOIN import_file f ON f.id = s.file_id
WHERE s.customer_id = :id
ORDER BY s.answered_at, s.id
