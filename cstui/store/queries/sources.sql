-- Where rows of a kind came from: :kind is customer, subscription, payment, interaction, survey, or cost, traffic or exchange_rate, which have no customer; :ids a JSON array of row ids.
SELECT r.id, r.public_id, c.customer_id, c.name, f.name, r.line, r.entered FROM (
  SELECT 'subscription' AS kind, id, subscription_id AS public_id, customer_id AS owner, file_id, line, entered FROM subscription
   WHERE :kind = 'subscription' AND id IN (SELECT value FROM json_each(:ids))
  UNION ALL
  SELECT 'payment', id, payment_id, customer_id, file_id, line, entered FROM payment
   WHERE :kind = 'payment' AND id IN (SELECT value FROM json_each(:ids))
  UNION ALL
  SELECT 'customer', id, customer_id, id, file_id, line, entered FROM customer
   WHERE :kind = 'customer' AND id IN (SELECT value FROM json_each(:ids))
  UNION ALL
  SELECT 'interaction', id, interaction_id, customer_id, file_id, line, entered FROM interaction
   WHERE :kind = 'interaction' AND id IN (SELECT value FROM json_each(:ids))
  UNION ALL
  SELECT 'survey', id, ifnull(response_id, kind || ' ' || score), customer_id, file_id, line, entered FROM survey
   WHERE :kind = 'survey' AND id IN (SELECT value FROM json_each(:ids))
  UNION ALL
  SELECT 'cost', id, ifnull(cost_id, category), NULL, file_id, line, entered FROM cost
   WHERE :kind = 'cost' AND id IN (SELECT value FROM json_each(:ids))
  UNION ALL
  SELECT 'traffic', id, channel, NULL, file_id, line, entered FROM traffic
   WHERE :kind = 'traffic' AND id IN (SELECT value FROM json_each(:ids))
  UNION ALL
  SELECT 'exchange_rate', id, "from" || ' → ' || "to", NULL, file_id, line, entered FROM exchange_rate
   WHERE :kind = 'exchange_rate' AND id IN (SELECT value FROM json_each(:ids))
) r LEFT JOIN customer c ON c.id = r.owner LEFT JOIN import_file f ON f.id = r.file_id
