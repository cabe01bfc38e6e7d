-- Who paid how much on the days from :start to before :end.
SELECT day, customers, amounts FROM payment_who WHERE day >= :start AND day < :end
