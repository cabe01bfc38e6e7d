-- What a subscription row says beside its MRR, and where it says it.
SELECT s.id, s.plan, s.trial_start, f.name AS file, s.line, s.entered
FROM subscription s LEFT JOIN import_file f ON f.id = s.file_id
WHERE s.customer_id = :id
