-- Each customer's latest answer of :kind by the end of :day (same day: the later row), where nobody has been in contact with them since (a note is no
-- contact): on a later day, or on that day where it was logged by hand or went out from us (a ticket of that day is what the answer was about).
SELECT customer_id, id, score
FROM (
  SELECT customer_id, id, answered_at, score, max(answered_at * 4294967296 + id)
  FROM survey WHERE kind = :kind AND answered_at <= :day GROUP BY customer_id
) AS latest
WHERE NOT EXISTS (
  SELECT 1 FROM interaction i WHERE i.customer_id = latest.customer_id AND i.kind IS NOT 'note'
    AND (i.at > latest.answered_at OR (i.at = latest.answered_at AND (i.file_id IS NULL OR i.direction = 'out')))
)
