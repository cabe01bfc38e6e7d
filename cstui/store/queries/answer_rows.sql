-- Answers of one :kind from :start to before :end of the customers in :ids (a JSON array; NULL: all), in the order they were given: by day, of one
-- day by file and line, those entered by hand last. What was entered by hand is known whatever its day, when :all is set.
SELECT id, customer_id, answered_at, score, scale, direction, ifnull(respondent, ''), ifnull(touchpoint, '') FROM survey
WHERE kind = :kind AND answered_at >= :start AND answered_at < :end AND (answered_at <= :as_of OR (:all AND entered IS NOT NULL))
  AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
ORDER BY answered_at, file_id IS NULL, file_id, line, id
