-- Customers who may have an open or reopened ticket as known on :as_of, or came back three times after :recent. The rest need no closer look.
SELECT customer_id FROM interaction
WHERE at <= :as_of AND ((resolved_at IS NULL AND status = 'open') OR resolved_at > :as_of OR (:own AND reopens > 0))
UNION
SELECT customer_id FROM interaction WHERE direction = 'in' AND at > :recent AND at <= :as_of GROUP BY customer_id HAVING count(*) >= 3
