-- The touched customers' months, summed from their rows in key order.
INSERT INTO usage_month(month, customer_id, user_id, days, sessions, minutes, events)
SELECT t.month, t.customer_id, u.user_id, sum(1 << (u.dom - 1)), sum(u.sessions), sum(u.minutes), sum(u.events)
  FROM temp.touched_usage AS t CROSS JOIN usage AS u ON u.month = t.month AND u.customer_id = t.customer_id
 GROUP BY t.month, t.customer_id, u.user_id
