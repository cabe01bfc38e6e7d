-- Paid payments from :start to before :end from the rollup, with who paid how much.
SELECT day, currency, kind, source, n, customers, amounts FROM payment_day WHERE day >= :start AND day < :end
