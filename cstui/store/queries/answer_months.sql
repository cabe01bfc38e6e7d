-- How often which score was given, of one :kind in the months from :first to :last.
SELECT NULL, month, scale, direction, touchpoint, score, n, latest FROM answer_month WHERE month >= :first AND month <= :last AND kind = :kind
