-- Paid payments from :start to before :end, summed by day, from the rollup, in the order of its key.
SELECT NULL, day, currency, kind, source, n, amount FROM payment_day WHERE day >= :start AND day < :end ORDER BY day, currency, kind, source
