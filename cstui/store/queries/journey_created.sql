-- Customers recorded by :as_of, and when.
SELECT group_concat(id), group_concat(created_at) FROM customer WHERE created_at <= :as_of
