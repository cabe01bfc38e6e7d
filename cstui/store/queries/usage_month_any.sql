-- Whether anybody was active in :month, or is about to be: rows of it were written and are not summed yet.
SELECT EXISTS (SELECT 1 FROM usage_month WHERE month = :month) OR EXISTS (SELECT 1 FROM temp.touched_usage WHERE month = :month)
