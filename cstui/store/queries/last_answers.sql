-- Answers of one :kind before :end of the customers in :ids (a JSON array; NULL: all), known as in answer_rows.
-- The first columns say which of two was given later. Most answers count: read through, not looked up one by one.
SELECT answered_at, file_id IS NULL, file_id, line, id, customer_id, score, scale FROM survey NOT INDEXED
WHERE kind = :kind AND answered_at < :end
  AND (answered_at <= :as_of OR (:all AND entered IS NOT NULL)) AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
