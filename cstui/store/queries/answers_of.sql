-- Answers by their :ids (a JSON array).
SELECT id, customer_id, answered_at, score, scale, direction, ifnull(respondent, ''), ifnull(touchpoint, '') FROM survey
WHERE id IN (SELECT value FROM json_each(:ids))
