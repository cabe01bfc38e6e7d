-- What was paid and refunded on the touched days, and by whom; refunds as positive amounts, whatever their sign in the file.
SELECT day, currency, kind, source, count(*), sum(amount), group_concat(customer_id), group_concat(amount) FROM (
  SELECT p.paid_at AS day, p.currency, p.kind, ifnull(p.source, '') AS source, p.customer_id,
    CASE WHEN p.kind = 'refund' THEN abs(p.amount) ELSE p.amount END AS amount
  FROM temp.touched_day t JOIN payment p ON p.paid_at = t.day
  WHERE p.status = 'paid')
GROUP BY day, currency, kind, source
ORDER BY day, currency, kind, source
