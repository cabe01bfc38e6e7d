SELECT c.id, c.customer_id, c.name, c.email, c.stage, c.created_at, c.lost_at, c.segment, c.plan, c.region, c.country, c.industry, c.owner,
       c.channel, c.language, c.contact_preference, c.goal, c.attributes, c.stub, p.plan AS plan_now, f.name AS file, c.line, c.entered
FROM customer c
LEFT JOIN customer_plan p ON p.customer_id = c.id
LEFT JOIN import_file f ON f.id = c.file_id
WHERE c.fold = :fold
