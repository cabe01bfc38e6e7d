-- Visits and conversions by day and channel from :start to before :end.
SELECT id, date, channel, visits, conversions FROM traffic WHERE date >= :start AND date < :end ORDER BY date, id
