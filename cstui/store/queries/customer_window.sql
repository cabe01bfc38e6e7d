-- What the customer list shows beside MRR, of the customers in :ids (a JSON array), looked up one by one.
SELECT c.id, c.customer_id, c.name, c.email, p.plan, c.segment, c.owner, c.stage, c.lost_at,
       EXISTS (
         SELECT 1 FROM subscription s
         WHERE s.customer_id = c.id AND s.started_at <= :as_of AND (s.ended_at IS NULL OR s.ended_at > :as_of)
           AND (s.trial_end > :as_of OR (s.status = 'trial' AND s.trial_end IS NULL))
       ),
       c.stub
FROM json_each(:ids) AS wanted
JOIN customer c ON c.id = wanted.value
LEFT JOIN customer_plan p ON p.customer_id = c.id
