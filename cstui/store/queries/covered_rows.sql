-- Rows of :kind whose day is from :start to before :end, or that have none where :undated, in the order of their days: id, customer, day, what is said there, and what a row without a customer counts under.
SELECT id, customer, day, said, under FROM (
  SELECT id, id AS customer, ifnull(created_at, lost_at) AS day, stage AS said, NULL AS under FROM customer
   WHERE :kind = 'customer' AND stub = 0
  UNION ALL
  SELECT id, customer_id, started_at, plan, NULL FROM subscription WHERE :kind = 'subscription'
  UNION ALL
  SELECT id, customer_id, ifnull(paid_at, due_at), ifnull(status, 'paid'), NULL FROM payment WHERE :kind = 'payment'
  UNION ALL
  SELECT id, customer_id, at, kind, NULL FROM interaction WHERE :kind = 'interaction'
  UNION ALL
  SELECT id, customer_id, answered_at, kind || ' ' || score, NULL FROM survey WHERE :kind = 'survey'
  UNION ALL
  SELECT id, NULL, date, ifnull(visits, 0) || ' visits', channel FROM traffic WHERE :kind = 'traffic'
  UNION ALL
  SELECT id, NULL, date, category, category || ifnull(', ' || nullif(channel, ''), '') FROM cost WHERE :kind = 'cost'
  UNION ALL
  SELECT id, NULL, date, rate, "from" || ' → ' || "to" FROM exchange_rate WHERE :kind = 'exchange_rate'
)
WHERE CASE WHEN :undated THEN day IS NULL ELSE day >= :start AND day < :end END
ORDER BY day, id
