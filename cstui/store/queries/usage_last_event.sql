-- The last day of use in :month that is not after the day of its import; :before is the day before the month.
SELECT max(:before + u.dom) FROM usage AS u JOIN import_file AS f ON f.id = u.file_id WHERE u.month = :month AND :before + u.dom <= f.day
