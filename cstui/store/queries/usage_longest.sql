-- As usage_sums, the first :most by minutes, of each the sessions: equal ones by sessions, then by number.
SELECT customer_id, user_id, sum(minutes) AS minutes, sum(sessions) AS sessions FROM usage
WHERE month BETWEEN :first_month AND :last_month AND (month > :first_month OR dom >= :first_dom) AND (month < :last_month OR dom <= :last_dom)
  AND minutes IS NOT NULL AND sessions IS NOT NULL AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
GROUP BY customer_id, user_id ORDER BY minutes DESC, sessions DESC, customer_id, user_id LIMIT :most
