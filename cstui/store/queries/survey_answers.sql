-- The first :most answers (-1: all) of :kind, of the customers in :ids, among the rows :rows (JSON arrays), from :start to before :end (NULL: whatever
-- it is); newest first, or by score.
SELECT s.id, s.customer_id, c.customer_id, c.name, s.answered_at, s.kind, s.score, s.scale, s.direction, s.survey, s.response_id,
       s.respondent, s.touchpoint, s.comment, f.name, s.line, s.entered
FROM (
  SELECT * FROM survey
  WHERE (:kind IS NULL OR kind = :kind) AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
    AND (:rows IS NULL OR id IN (SELECT value FROM json_each(:rows)))
    AND (:start IS NULL OR answered_at >= :start) AND (:end IS NULL OR answered_at < :end)
  ORDER BY :by_score * CAST(score AS REAL), answered_at DESC, id DESC
  LIMIT :most
) AS s JOIN customer c ON c.id = s.customer_id LEFT JOIN import_file f ON f.id = s.file_id
ORDER BY :by_score * CAST(s.score AS REAL), s.answered_at DESC, s.id DESC
