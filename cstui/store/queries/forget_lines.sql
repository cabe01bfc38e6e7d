-- Where the rows of customer :id were read, as they are and as they were; and where rows of others are that were theirs once.
SELECT file_id, line FROM customer WHERE id = :id AND file_id IS NOT NULL
UNION SELECT file_id, line FROM customer_prior WHERE id = :id AND file_id IS NOT NULL
UNION SELECT file_id, line FROM subscription WHERE file_id IS NOT NULL
  AND id IN (SELECT id FROM subscription WHERE customer_id = :id UNION SELECT id FROM subscription_prior WHERE customer_id = :id)
UNION SELECT file_id, line FROM subscription_prior WHERE file_id IS NOT NULL
  AND id IN (SELECT id FROM subscription WHERE customer_id = :id UNION SELECT id FROM subscription_prior WHERE customer_id = :id)
UNION SELECT file_id, line FROM payment WHERE file_id IS NOT NULL
  AND id IN (SELECT id FROM payment WHERE customer_id = :id UNION SELECT id FROM payment_prior WHERE customer_id = :id)
UNION SELECT file_id, line FROM payment_prior WHERE file_id IS NOT NULL
  AND id IN (SELECT id FROM payment WHERE customer_id = :id UNION SELECT id FROM payment_prior WHERE customer_id = :id)
UNION SELECT file_id, line FROM interaction WHERE file_id IS NOT NULL
  AND id IN (SELECT id FROM interaction WHERE customer_id = :id UNION SELECT id FROM interaction_prior WHERE customer_id = :id)
UNION SELECT file_id, line FROM interaction_prior WHERE file_id IS NOT NULL
  AND id IN (SELECT id FROM interaction WHERE customer_id = :id UNION SELECT id FROM interaction_prior WHERE customer_id = :id)
UNION SELECT file_id, line FROM survey WHERE file_id IS NOT NULL
  AND id IN (SELECT id FROM survey WHERE customer_id = :id UNION SELECT id FROM survey_prior WHERE customer_id = :id)
UNION SELECT file_id, line FROM survey_prior WHERE file_id IS NOT NULL
  AND id IN (SELECT id FROM survey WHERE customer_id = :id UNION SELECT id FROM survey_prior WHERE customer_id = :id)
