-- The days of :month, among :days, on which anybody was active: as bits, the highest of which is right (others may be lacking).
SELECT max(days & :days) FROM usage_month WHERE month = :month
