-- As lead_rows where the rollup does not hold first paid days: every record created before :end.
SELECT id, created_at, CASE WHEN lost_at <= :as_of THEN lost_at END, stage FROM customer
WHERE created_at <= :as_of AND created_at < :end AND (:ids IS NULL OR id IN (SELECT value FROM json_each(:ids)))
