-- Who held which customer's contacts when, and what tells a ticket from other contacts, up to :as_of or entered by hand, of the customers in :ids (a JSON array; NULL: all), by customer and day.
SELECT customer_id, at, owner, kind, status, resolved_at, reopens FROM interaction
WHERE owner IS NOT NULL AND (at <= :as_of OR entered IS NOT NULL)
  AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
ORDER BY customer_id, at, id
