-- Paid payments from :start to before :end, summed by day, from the rollup.
SELECT NULL, day, currency, kind, source, n, amount FROM payment_day WHERE day >= :start AND day < :end
