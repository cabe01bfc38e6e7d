-- What was paid and refunded on the touched days; refunds as positive amounts, whatever their sign in the file.
INSERT INTO payment_day(day, currency, kind, source, n, amount)
SELECT p.paid_at, p.currency, p.kind, ifnull(p.source, ''), count(*), sum(CASE WHEN p.kind = 'refund' THEN abs(p.amount) ELSE p.amount END)
FROM temp.touched_day t JOIN payment p ON p.paid_at = t.day
WHERE p.status = 'paid'
GROUP BY p.paid_at, p.currency, p.kind, ifnull(p.source, '')
