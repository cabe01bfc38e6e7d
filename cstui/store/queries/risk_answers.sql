-- Survey answers after :from of the customers in :ids (a JSON array; NULL: all), as known on :as_of; those entered by hand speak for the
-- present (:own) whatever their day. Ascending for each customer.
WITH wanted(id) AS (SELECT value FROM json_each(:ids) UNION ALL SELECT id FROM customer WHERE :ids IS NULL)
SELECT s.customer_id, s.id, s.kind, s.answered_at, s.score, s.scale, s.direction, s.respondent
FROM wanted w CROSS JOIN survey s ON s.customer_id = w.id AND s.answered_at > :from
WHERE s.answered_at <= :as_of OR (:own AND s.file_id IS NULL)
ORDER BY s.customer_id, s.answered_at, s.id
