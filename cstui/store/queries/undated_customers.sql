-- Customer records in :ids (a JSON array; NULL: all) without a day of creation.
SELECT id FROM customer WHERE created_at IS NULL AND (:ids IS NULL OR id IN (SELECT value FROM json_each(:ids)))
