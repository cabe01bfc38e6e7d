-- The same as risk_contacts_some of everybody, in one pass. Day and row of the latest contact travel in one number: the row ids stay below 2^40.
SELECT customer_id, latest >> 40, latest & 1099511627775, sent FROM (
  SELECT customer_id, max((at << 40) + id) AS latest, max(CASE WHEN ifnull(direction, 'out') <> 'in' THEN at END) AS sent
  FROM interaction
  WHERE ifnull(kind, '') <> 'note' AND (at <= :as_of OR (:own AND file_id IS NULL))
  GROUP BY customer_id)
