SELECT count(*) FROM survey s
WHERE (:kind IS NULL OR s.kind = :kind) AND (:ids IS NULL OR s.customer_id IN (SELECT value FROM json_each(:ids)))
  AND (:start IS NULL OR s.answered_at >= :start) AND (:end IS NULL OR s.answered_at < :end)
