-- Subscription rows of customer :id that began, ended or were replaced after :from and by :as_of: what a change of MRR rests on.
SELECT s.id FROM subscription s
WHERE s.customer_id = :id AND ((s.started_at > :from AND s.started_at <= :as_of) OR (s.ended_at > :from AND s.ended_at <= :as_of)
  OR EXISTS (SELECT 1 FROM subscription n WHERE n.subscription_id = s.subscription_id AND n.started_at > :from AND n.started_at <= :as_of))
ORDER BY s.id
