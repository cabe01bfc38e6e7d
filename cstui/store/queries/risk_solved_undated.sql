-- Customers in :ids (a JSON array; NULL: all) with a ticket that came by :as_of and was solved nobody knows when.
SELECT DISTINCT customer_id FROM interaction
WHERE at <= :as_of AND resolved_at IS NULL AND status = 'solved' AND ifnull(kind, '') <> 'note'
  AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
