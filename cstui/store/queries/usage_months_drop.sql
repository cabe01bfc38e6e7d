-- The touched customers' months, before they are summed again. Nothing is looked for while there is nothing.
DELETE FROM usage_month WHERE EXISTS (SELECT 1 FROM usage_month) AND (month, customer_id) IN (SELECT month, customer_id FROM temp.touched_usage)
