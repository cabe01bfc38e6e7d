-- The last date of a :kind of fact known on :as_of.
SELECT CASE :kind
  WHEN 'payments' THEN (SELECT max(ifnull(paid_at, due_at)) FROM payment WHERE ifnull(paid_at, due_at) <= :as_of)
  WHEN 'surveys' THEN (SELECT max(answered_at) FROM survey WHERE answered_at <= :as_of)
  WHEN 'traffic' THEN (SELECT max(date) FROM traffic WHERE date <= :as_of)
  WHEN 'costs' THEN (SELECT max(date) FROM cost WHERE date <= :as_of)
  WHEN 'interactions' THEN (SELECT max(at) FROM interaction WHERE at <= :as_of)
  WHEN 'usage' THEN (SELECT max(day) FROM usage_day WHERE day <= :as_of AND dau > 0)
END
