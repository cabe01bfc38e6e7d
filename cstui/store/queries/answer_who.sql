-- Who gave the answers of one :kind in the months from :first to :last.
SELECT month, latest_of, others_of FROM answer_who WHERE kind = :kind AND month >= :first AND month <= :last
