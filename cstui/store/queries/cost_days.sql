-- Every day up to :as_of on which something was spent.
SELECT DISTINCT date FROM cost WHERE date <= :as_of ORDER BY date
