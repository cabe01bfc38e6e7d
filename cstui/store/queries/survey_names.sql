-- Every customer, and who answered for them last.
SELECT c.id, c.customer_id, c.name, c.email, r.respondent
FROM customer c
LEFT JOIN (
  SELECT customer_id, respondent, max(answered_at * 4294967296 + id) FROM survey WHERE respondent IS NOT NULL GROUP BY customer_id
) r ON r.customer_id = c.id
ORDER BY c.customer_id
