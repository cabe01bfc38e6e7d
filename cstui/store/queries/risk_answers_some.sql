-- The same as risk_answers_all of the customers in :ids (a JSON array).
SELECT s.customer_id, s.id, s.kind, s.answered_at, s.score, s.scale, s.direction, s.respondent
FROM json_each(:ids) w CROSS JOIN survey s ON s.customer_id = w.value AND s.answered_at > :from
WHERE s.answered_at <= :as_of OR (:own AND s.file_id IS NULL)
ORDER BY s.customer_id, s.answered_at, s.id
