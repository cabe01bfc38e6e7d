-- Customers that share a subscription id with a touched one: a later version under another customer ends the earlier row too.
INSERT OR IGNORE INTO temp.touched_customer(id)
SELECT o.customer_id FROM temp.touched_customer t JOIN subscription s ON s.customer_id = t.id
JOIN subscription o ON o.subscription_id = s.subscription_id AND o.customer_id <> s.customer_id
