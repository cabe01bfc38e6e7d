-- Edits by hand of customer :id that stand, oldest first.
SELECT id, at, field, before, after FROM customer_change WHERE customer_id = :id AND undone = 0 ORDER BY id
