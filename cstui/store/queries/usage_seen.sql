-- Customers with use in one :month on the days of :mask (bit day − 1), of those in :ids (a JSON array; NULL: all).
SELECT DISTINCT customer_id FROM usage_month
WHERE month = :month AND days & :mask AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
