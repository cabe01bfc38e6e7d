-- Who held which customer's contacts when, up to :as_of or entered by hand; of each its kind, after 1 where it has a state, a day it was solved on or was opened again, else 0.
SELECT group_concat(customer_id), group_concat(at), group_concat(owner, char(31)),
       group_concat((status IS NOT NULL OR resolved_at IS NOT NULL OR reopens IS NOT NULL) || ifnull(kind, ''), char(31))
FROM interaction WHERE owner IS NOT NULL AND (at <= :as_of OR entered IS NOT NULL)
