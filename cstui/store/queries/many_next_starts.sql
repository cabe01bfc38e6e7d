-- Every row by its subscription_id and then its day, by column: those of one id stand together.
SELECT ifnull(group_concat(id), ''), ifnull(group_concat(started_at), ''), ifnull(group_concat(subscription_id, char(31)), '')
FROM (SELECT id, started_at, subscription_id FROM subscription ORDER BY subscription_id, started_at)
