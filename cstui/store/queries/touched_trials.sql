-- As trial_rows, for the customers an import or undo has touched.
SELECT s.id, s.customer_id, ifnull(s.trial_start, s.started_at), s.trial_end FROM temp.touched_customer t JOIN subscription s ON s.customer_id = t.id
WHERE s.trial_end > ifnull(s.trial_start, s.started_at) AND s.started_at <= :as_of AND ifnull(s.trial_start, s.started_at) <= :as_of
