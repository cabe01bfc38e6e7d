-- Customer records in :ids (a JSON array; NULL: all) as known on :as_of: one created later is not there, one lost later not lost.
SELECT id, created_at, CASE WHEN lost_at <= :as_of THEN lost_at END, stage FROM customer
WHERE (created_at IS NULL OR created_at <= :as_of) AND (:ids IS NULL OR id IN (SELECT value FROM json_each(:ids)))
