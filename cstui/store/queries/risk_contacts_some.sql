-- The latest contact of the customers in :ids (a JSON array), and the day of the latest that went out, as known on :as_of. A note is
-- no contact. Those entered by hand speak for the present (:own) whatever their day.
WITH wanted(id) AS (SELECT value FROM json_each(:ids))
SELECT i.customer_id, i.at, i.id,
  (SELECT max(o.at) FROM interaction o
    WHERE o.customer_id = w.id AND ifnull(o.direction, 'out') <> 'in' AND ifnull(o.kind, '') <> 'note'
      AND (o.at <= :as_of OR (:own AND o.file_id IS NULL)))
FROM wanted w CROSS JOIN interaction i ON i.id = (
  SELECT x.id FROM interaction x
  WHERE x.customer_id = w.id AND ifnull(x.kind, '') <> 'note' AND (x.at <= :as_of OR (:own AND x.file_id IS NULL))
  ORDER BY x.at DESC, x.id DESC LIMIT 1)
