-- Users that no row of use names, now or before.
DELETE FROM usage_user WHERE id NOT IN (SELECT user_id FROM usage_month) AND id NOT IN (SELECT user_id FROM usage_prior)
