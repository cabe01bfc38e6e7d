-- What became of the terms due from :start to before :end of the customers in :ids (a JSON array; NULL: all) by :as_of, those renewed in another
-- currency apart: currency, outcome, how many, and what was due, kept and renewed, each in two halves, since sums may pass 64 bits.
SELECT currency, outcome, count(*), sum(level >> 32), sum(level & 4294967295), sum(kept >> 32), sum(kept & 4294967295),
       sum(now >> 32), sum(now & 4294967295)
FROM (
  SELECT currency, level, CASE WHEN renewed_on IS NULL THEN 0 ELSE renewed END AS now,
         CASE WHEN renewed_on IS NULL THEN 0 ELSE min(level, renewed) END AS kept,
         CASE WHEN due > :as_of THEN 'pending' WHEN renewed_on <= :as_of THEN 'renewed' WHEN due + :days <= :as_of THEN 'lost' ELSE 'pending' END AS outcome
  FROM renewal_term
  WHERE due >= :start AND due < :end AND mixed IS NULL AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids))))
GROUP BY currency, outcome
