UPDATE usage SET sessions = n.sessions, minutes = n.minutes, events = n.events, file_id = n.file_id, line = n.line
  FROM temp.changed_usage AS n
 WHERE usage.month = :month AND usage.customer_id = n.customer_id AND usage.user_id = n.user_id AND usage.dom = n.dom
