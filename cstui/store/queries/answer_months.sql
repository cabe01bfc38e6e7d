-- How often which score was given, of one :kind in the months from :first to :last, in the order of the rollup's key.
SELECT NULL, month, scale, direction, touchpoint, score, n, latest FROM answer_month WHERE kind = :kind AND month >= :first AND month <= :last
ORDER BY month, scale, direction, touchpoint, score
