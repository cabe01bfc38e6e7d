-- The cost ledger from :start to before :end.
SELECT id, date, category, amount, currency, ifnull(channel, '') FROM cost WHERE date >= :start AND date < :end ORDER BY date, id
