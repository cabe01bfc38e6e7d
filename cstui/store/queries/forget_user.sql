-- A user of usage whom nobody's use mentions any more.
DELETE FROM usage_user WHERE id = :user AND NOT EXISTS (SELECT 1 FROM usage WHERE user_id = :user)
  AND NOT EXISTS (SELECT 1 FROM usage_prior WHERE user_id = :user)
