-- Months and customers whose rows of use import :import had changed.
INSERT OR IGNORE INTO temp.touched_usage(month, customer_id) SELECT DISTINCT month, customer_id FROM usage_prior WHERE import_id = :import
