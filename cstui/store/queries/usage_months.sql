-- Active days by user of the months :first to :last, of the customers in :ids (a JSON array; NULL: all).
SELECT month, customer_id, user_id, days FROM usage_month
WHERE month BETWEEN :first AND :last AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
