-- Active users of all customers by covered day from :start to before :end, up to the last day with use that is known on :as_of.
SELECT day, dau, wau, mau FROM usage_day
WHERE day >= :start AND day < :end AND day <= (SELECT max(day) FROM usage_day WHERE day <= :as_of AND dau > 0)
ORDER BY day
