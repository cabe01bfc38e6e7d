-- Use of customer :id by month and user, from the month :first to :last: each month is looked up by the key.
WITH RECURSIVE span(month) AS (SELECT :first WHERE :first <= :last UNION ALL SELECT month + 1 FROM span WHERE month < :last)
SELECT u.month, u.user_id, u.days, u.sessions, u.minutes, u.events
FROM span JOIN usage_month u ON u.month = span.month AND u.customer_id = :id
ORDER BY u.month, u.user_id
