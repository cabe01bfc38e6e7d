-- Answers as answer_rows chooses them, by column and by id: their order is worked out from the columns. Most answers of a kind count, so all are
-- read through. What was entered by hand comes after every file of its day.
SELECT group_concat(id), group_concat(customer_id), group_concat(answered_at), group_concat(ifnull(file_id, :by_hand)),
       group_concat(ifnull(line, -1)), group_concat(score || ' ' || scale)
FROM survey NOT INDEXED
WHERE kind = :kind AND answered_at < :end AND (answered_at <= :as_of OR (:all AND entered IS NOT NULL))
  AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
