-- Rows that risk rests on, of one :kind, by :ids (a JSON array of row ids): what each is called, its day, what it says, and where it came from.
SELECT r.id, r.public_id, r.day, r.note, f.name, r.line, r.entered FROM (
  SELECT id, interaction_id AS public_id, at AS day, coalesce(subject, note, channel) AS note, file_id, line, entered FROM interaction
   WHERE :kind = 'interaction' AND id IN (SELECT value FROM json_each(:ids))
  UNION ALL
  SELECT id, ifnull(response_id, upper(kind) || ' ' || score), answered_at, coalesce(comment, touchpoint), file_id, line, entered FROM survey
   WHERE :kind = 'survey' AND id IN (SELECT value FROM json_each(:ids))
  UNION ALL
  SELECT id, payment_id, ifnull(due_at, paid_at), status, file_id, line, entered FROM payment
   WHERE :kind = 'payment' AND id IN (SELECT value FROM json_each(:ids))
  UNION ALL
  SELECT id, subscription_id, started_at, plan, file_id, line, entered FROM subscription
   WHERE :kind = 'subscription' AND id IN (SELECT value FROM json_each(:ids))
) r LEFT JOIN import_file f ON f.id = r.file_id
