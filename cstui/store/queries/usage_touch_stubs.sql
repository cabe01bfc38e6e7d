-- Customers that perhaps only the touched rows of use have named.
INSERT OR IGNORE INTO temp.touched_customer(id)
SELECT DISTINCT t.customer_id FROM temp.touched_usage AS t JOIN customer AS c ON c.id = t.customer_id WHERE c.stub
