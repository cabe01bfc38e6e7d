-- What a search looks at in the answers of :kind, of the customers in :ids (a JSON array), from :start to before :end (NULL: whatever it is).
SELECT id, customer_id, respondent, touchpoint, comment FROM survey
WHERE (:kind IS NULL OR kind = :kind) AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
  AND (:start IS NULL OR answered_at >= :start) AND (:end IS NULL OR answered_at < :end)
