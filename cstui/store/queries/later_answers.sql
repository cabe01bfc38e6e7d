-- As last_answers, from :start on: few, by the index.
SELECT answered_at, file_id IS NULL, file_id, line, id, customer_id, score, scale FROM survey
WHERE kind = :kind AND answered_at >= :start AND answered_at < :end
  AND (answered_at <= :as_of OR (:all AND entered IS NOT NULL)) AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
