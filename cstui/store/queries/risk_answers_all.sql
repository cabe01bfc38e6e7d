-- Everybody's survey answers after :from, as known on :as_of; those entered by hand speak for the present (:own) whatever their day.
-- Ascending for each customer.
SELECT s.customer_id, s.id, s.kind, s.answered_at, s.score, s.scale, s.direction, s.respondent
FROM survey s
WHERE s.answered_at > :from AND (s.answered_at <= :as_of OR (:own AND s.file_id IS NULL))
ORDER BY s.customer_id, s.answered_at, s.id
