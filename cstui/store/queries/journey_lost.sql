-- Customers whose record says that they were lost by :as_of, and when.
SELECT group_concat(id), group_concat(lost_at) FROM customer WHERE lost_at <= :as_of
