-- Where the rows of customer :id were read.
SELECT file_id, line FROM customer WHERE id = :id AND file_id IS NOT NULL
UNION SELECT file_id, line FROM customer_prior WHERE id = :id AND file_id IS NOT NULL
UNION SELECT file_id, line FROM subscription WHERE customer_id = :id AND file_id IS NOT NULL
UNION SELECT file_id, line FROM payment WHERE customer_id = :id AND file_id IS NOT NULL
UNION SELECT file_id, line FROM interaction WHERE customer_id = :id AND file_id IS NOT NULL
UNION SELECT file_id, line FROM survey WHERE customer_id = :id AND file_id IS NOT NULL
