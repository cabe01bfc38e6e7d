-- Terms due from :start to before :end of the customers in :ids (a JSON array; NULL: all).
SELECT row, customer_id, due, currency, level, renewed_on, renewed, mixed FROM renewal_term
WHERE due >= :start AND due < :end AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
