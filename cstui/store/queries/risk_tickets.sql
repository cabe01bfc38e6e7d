-- Contacts of the customers in :ids (a JSON array) that came, were solved or were still open after :from, as known on :as_of.
SELECT i.customer_id, i.id, i.at, ifnull(i.direction, '') = 'in',
  ifnull(i.resolved_at > :as_of, 0) OR (i.resolved_at IS NULL AND ifnull(i.status, '') = 'open'),
  CASE WHEN :own THEN ifnull(i.reopens, 0) ELSE 0 END
FROM json_each(:ids) w CROSS JOIN interaction i ON i.customer_id = w.value
WHERE i.at <= :as_of AND ifnull(i.kind, '') <> 'note'
  AND (i.at > :from OR i.resolved_at > :from OR (i.resolved_at IS NULL AND i.status = 'open'))
ORDER BY i.customer_id, i.at, i.id
