-- Every text that names customer :id: ids, names, e-mails and respondents, as they are and as they were.
SELECT customer_id FROM customer WHERE id = :id
UNION SELECT name FROM customer WHERE id = :id
UNION SELECT email FROM customer WHERE id = :id
UNION SELECT customer_id FROM customer_prior WHERE id = :id
UNION SELECT name FROM customer_prior WHERE id = :id
UNION SELECT email FROM customer_prior WHERE id = :id
UNION SELECT respondent FROM survey WHERE customer_id = :id
UNION SELECT respondent FROM survey_prior WHERE customer_id = :id
