-- Customer records in :ids (a JSON array; NULL: all) as known on :as_of, one lost later not lost, with the first paid day that the rollup holds: those
-- created from :start to before :end, and those created before :end that had not paid by :eve.
SELECT c.id, c.created_at, CASE WHEN c.lost_at <= :as_of THEN c.lost_at END, c.stage, n.first_paid
FROM customer c LEFT JOIN customer_now n ON n.customer_id = c.id
WHERE c.created_at <= :as_of AND c.created_at < :end AND (c.created_at >= :start OR n.first_paid IS NULL OR n.first_paid > :eve)
  AND (:ids IS NULL OR c.id IN (SELECT value FROM json_each(:ids)))
