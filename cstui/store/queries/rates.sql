-- Imported rates between :code and :currency up to :last; the second column says that a rate is the other way round.
SELECT date, "from" = :currency, rate FROM exchange_rate
WHERE (("from" = :code AND "to" = :currency) OR ("from" = :currency AND "to" = :code)) AND date <= :last
