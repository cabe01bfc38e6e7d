-- The last day an imported event happened, never after the day of its import (metrics.md, rule 2).
-- Left out by design: current_period_end, trial_end, due_at, exchange rates, facts entered by hand (no file), and use, whose last day has its
-- own rollup. A customer's day that a hand has changed counts as the import had it. One pass over each kind.
SELECT nullif(max(day), -1000000000) FROM (
  SELECT max(ifnull(max(CASE WHEN c.created_at <= f.day THEN c.created_at END), -1000000000),
             ifnull(max(CASE WHEN c.lost_at <= f.day THEN c.lost_at END), -1000000000)) AS day
    FROM customer c JOIN import_file f ON f.id = c.file_id WHERE c.stub = 0 AND c.pinned IS NULL
  UNION ALL
  SELECT ifnull(max(day), -1000000000) FROM (
    SELECT f.day AS known, iif(EXISTS (SELECT 1 FROM json_each(c.pinned) WHERE value = d.field),
        (SELECT h.before ->> '$[0]' FROM customer_change h
          WHERE h.customer_id = c.id AND h.field = d.field AND h.undone = 0 AND NOT h.before ->> '$[1]' ORDER BY h.id DESC LIMIT 1),
        iif(d.field = 'lost_at', c.lost_at, c.created_at)) AS day
      FROM customer c JOIN import_file f ON f.id = c.file_id JOIN (SELECT 'created_at' AS field UNION ALL SELECT 'lost_at') d
     WHERE c.stub = 0 AND c.pinned IS NOT NULL)
   WHERE day <= known
  UNION ALL
  SELECT max(ifnull(max(CASE WHEN s.started_at <= f.day THEN s.started_at END), -1000000000),
             ifnull(max(CASE WHEN s.ended_at <= f.day THEN s.ended_at END), -1000000000),
             ifnull(max(CASE WHEN s.cancel_requested_at <= f.day THEN s.cancel_requested_at END), -1000000000),
             ifnull(max(CASE WHEN s.status_since <= f.day THEN s.status_since END), -1000000000),
             ifnull(max(CASE WHEN s.trial_start <= f.day THEN s.trial_start END), -1000000000))
    FROM subscription s JOIN import_file f ON f.id = s.file_id
  UNION ALL
  SELECT ifnull(max(CASE WHEN p.paid_at <= f.day THEN p.paid_at END), -1000000000) FROM payment p JOIN import_file f ON f.id = p.file_id
  UNION ALL
  SELECT max(ifnull(max(CASE WHEN i.at <= f.day THEN i.at END), -1000000000),
             ifnull(max(CASE WHEN i.resolved_at <= f.day THEN i.resolved_at END), -1000000000))
    FROM interaction i JOIN import_file f ON f.id = i.file_id
  UNION ALL
  SELECT ifnull(max(CASE WHEN a.answered_at <= f.day THEN a.answered_at END), -1000000000) FROM survey a JOIN import_file f ON f.id = a.file_id
  UNION ALL
  SELECT ifnull(max(CASE WHEN t.date <= f.day THEN t.date END), -1000000000) FROM traffic t JOIN import_file f ON f.id = t.file_id
  UNION ALL
  SELECT ifnull(max(CASE WHEN x.date <= f.day THEN x.date END), -1000000000) FROM cost x JOIN import_file f ON f.id = x.file_id
)
