-- Minutes (thousandths) and sessions of the days that name both, from :first_month and :first_dom to :last_month and :last_dom, of the customers in
-- :ids (a JSON array; NULL: all).
SELECT sum(minutes), sum(sessions) FROM usage
WHERE month BETWEEN :first_month AND :last_month AND (month > :first_month OR dom >= :first_dom) AND (month < :last_month OR dom <= :last_dom)
  AND minutes IS NOT NULL AND sessions IS NOT NULL AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
