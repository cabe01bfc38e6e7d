-- Every channel that costs or traffic name; '' where one names none.
SELECT DISTINCT channel FROM traffic UNION SELECT DISTINCT ifnull(channel, '') FROM cost
