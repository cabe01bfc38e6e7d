-- Customer records in :ids (a JSON array; NULL: all): what each says of its journey by :as_of, and whose it is.
SELECT id, CASE WHEN created_at <= :as_of THEN created_at END, CASE WHEN lost_at <= :as_of THEN lost_at END, stage, owner FROM customer
WHERE :ids IS NULL OR id IN (SELECT value FROM json_each(:ids))
