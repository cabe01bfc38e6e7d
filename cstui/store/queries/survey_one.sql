SELECT s.id, s.customer_id, c.customer_id, c.name, s.answered_at, s.kind, s.score, s.scale, s.direction, s.survey, s.response_id,
       s.respondent, s.touchpoint, s.comment, f.name, s.line, s.entered
FROM survey s JOIN customer c ON c.id = s.customer_id LEFT JOIN import_file f ON f.id = s.file_id
WHERE s.id = :id
