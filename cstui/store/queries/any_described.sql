-- Whether anything at all is known of a customer but the plan: without a customer list nothing is, of however many.
SELECT EXISTS (SELECT 1 FROM customer WHERE coalesce(stage, segment, region, country, industry, owner, channel, language,
                                                    contact_preference, attributes) IS NOT NULL)
