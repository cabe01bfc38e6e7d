-- As answer_months, with who answered.
SELECT month, scale, direction, touchpoint, score, latest_of, others_of FROM answer_month WHERE month >= :first AND month <= :last AND kind = :kind
