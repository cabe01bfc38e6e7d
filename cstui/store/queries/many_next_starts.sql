-- The rows that another with the same subscription_id follows, and when that begins, by column.
SELECT ifnull(group_concat(id), ''), ifnull(group_concat(following), '') FROM (
  SELECT id, lead(started_at) OVER (PARTITION BY subscription_id ORDER BY started_at) AS following FROM subscription)
WHERE following IS NOT NULL
