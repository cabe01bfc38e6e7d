-- How often each score of :kind was given from :start to before :end, by scale: scales are never mixed.
SELECT scale, score, count(*) FROM survey
WHERE kind = :kind AND answered_at >= :start AND answered_at < :end AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
GROUP BY scale, score
