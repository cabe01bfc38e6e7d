-- A month's answers counted, [:start, :end), of what had happened by :as_of or was entered by hand: by what was said, and of each respondent
-- the last one, in the order of answer_rows; with who gave the latest ones, and the others.
SELECT kind, :month, scale, direction, touchpoint, score, count(*), sum(last),
  ifnull(group_concat(iif(last, customer_id, NULL)), ''), ifnull(group_concat(iif(last, NULL, customer_id)), '') FROM (
  SELECT customer_id, kind, scale, ifnull(direction, '') AS direction, ifnull(touchpoint, '') AS touchpoint, score,
    ifnull(respondent, '') = '' OR row_number() OVER (
      PARTITION BY kind, customer_id, respondent ORDER BY answered_at DESC, file_id IS NULL DESC, file_id DESC, line DESC, id DESC) = 1 AS last
  FROM survey
  WHERE kind IN ('nps', 'csat', 'ces') AND answered_at >= :start AND answered_at < :end AND (answered_at <= :as_of OR entered IS NOT NULL))
GROUP BY kind, scale, direction, touchpoint, score
ORDER BY kind, scale, direction, touchpoint, score
