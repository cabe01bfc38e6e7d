-- As term_lengths, of rows that may have a term due in [:start, :end): its day by months of their mean length is never more than five days
-- from the one by the calendar, which the caller goes by.
SELECT customer_id, pay, every, n, ends, ended
FROM (
  SELECT customer_id, CASE WHEN trial_end > started_at THEN trial_end ELSE started_at END AS pay, ifnull(interval, 'month') AS every,
         ifnull(interval_count, 1) AS n, current_period_end AS ends, ended_at AS ended,
         ifnull(interval_count, 1) * CASE ifnull(interval, 'month')
           WHEN 'year' THEN 365.2425 WHEN 'quarter' THEN 91.310625 WHEN 'month' THEN 30.436875 WHEN 'week' THEN 7.0 ELSE 1.0
         END AS days
  FROM subscription
  WHERE started_at <= :as_of AND (:every OR interval IN ('year', 'quarter') OR interval_count >= 3)
    AND (:ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids)))
)
WHERE CAST((:end + 5 - pay) / days AS INTEGER) > CAST((:start - 6 - pay) / days AS INTEGER) OR (ends >= :start AND ends < :end)
