-- Views with plain names, for people who open the database with other SQL tools.
-- Times are ISO 8601 in UTC, durations are seconds, amounts are in whole minor units (cents).

CREATE VIEW call_log AS
SELECT
    c.id,
    c.external_id,
    system.value AS system,
    strftime('%Y-%m-%dT%H:%M:%SZ', c.started_at, 'unixepoch') AS started_at,
    account.value AS account,
    c.direction,
    c.status,
    termination.value AS termination,
    c.contact_name,
    c.contact_number,
    c.contact_number_e164,
    (
        SELECT CASE WHEN count(DISTINCT n.contact_id) = 1 THEN min(n.contact_id) END
        FROM contact_number AS n
        JOIN contact AS k ON k.id = n.contact_id AND k.removed IS NULL
        WHERE n.e164 = c.contact_number_e164
    ) AS contact,
    tracking_number.value AS tracking_number,
    source.value AS source,
    medium.value AS medium,
    campaign.value AS campaign,
    list.value AS list,
    agent.value AS agent,
    agent_extension.value AS agent_extension,
    agent_email.value AS agent_email,
    "user".name AS "user",
    c.user_id,
    c.assigned_by,
    c.duration,
    c.talk_time,
    c.wait_time,
    result.code AS result,
    c.stars,
    (
        SELECT group_concat(name, ';')
        FROM (
            SELECT tag.name AS name
            FROM call_tag JOIN tag ON tag.id = call_tag.tag_id
            WHERE call_tag.call_id = c.id AND tag.kind = 'reporting'
            ORDER BY tag.folded
        )
    ) AS reporting_tags,
    c.converted,
    c.amount AS amount_minor,
    c.currency,
    c.converted_on,
    c.note,
    (
        SELECT group_concat(name, ';')
        FROM (
            SELECT tag.name AS name
            FROM call_tag JOIN tag ON tag.id = call_tag.tag_id
            WHERE call_tag.call_id = c.id AND tag.kind = 'call'
            ORDER BY tag.folded
        )
    ) AS call_tags,
    c.recording_url,
    c.extra
FROM call AS c
JOIN lookup AS system ON system.id = c.system_id
LEFT JOIN lookup AS account ON account.id = c.account_id
LEFT JOIN lookup AS termination ON termination.id = c.termination_id
LEFT JOIN lookup AS tracking_number ON tracking_number.id = c.tracking_number_id
LEFT JOIN lookup AS source ON source.id = c.source_id
LEFT JOIN lookup AS medium ON medium.id = c.medium_id
LEFT JOIN lookup AS campaign ON campaign.id = c.campaign_id
LEFT JOIN lookup AS list ON list.id = c.list_id
LEFT JOIN lookup AS agent ON agent.id = c.agent_id
LEFT JOIN lookup AS agent_extension ON agent_extension.id = c.agent_extension_id
LEFT JOIN lookup AS agent_email ON agent_email.id = c.agent_email_id
LEFT JOIN "user" ON "user".id = c.user_id
LEFT JOIN result ON result.id = c.result_id
WHERE c.removed IS NULL;

CREATE VIEW tag_use AS
SELECT tag.id, tag.kind, tag.name, count(c.id) AS calls, max(c.started_at) AS last_started_at
FROM tag
JOIN call_tag ON call_tag.tag_id = tag.id
JOIN call AS c ON c.id = call_tag.call_id
WHERE c.removed IS NULL
GROUP BY tag.id, tag.kind, tag.name;

CREATE VIEW change_log AS
SELECT
    change.id,
    strftime('%Y-%m-%dT%H:%M:%SZ', change.made_at, 'unixepoch') AS made_at,
    change.who,
    change.command,
    change.origin,
    change.undoes,
    change.undone_by,
    change_entry.entity,
    change_entry.entity_id,
    change_entry.field,
    change_entry."before",
    change_entry."after"
FROM change
LEFT JOIN change_entry ON change_entry.change_id = change.id;

CREATE VIEW contact_book AS
SELECT
    c.id,
    c.kind,
    c.external_id,
    c.first_name,
    c.last_name,
    company.name AS company,
    c.job_title,
    (
        SELECT group_concat(number, ';')
        FROM (SELECT number FROM contact_number WHERE contact_id = c.id ORDER BY position)
    ) AS numbers,
    (
        SELECT group_concat(email, ';')
        FROM (SELECT email FROM contact_email WHERE contact_id = c.id ORDER BY position)
    ) AS emails,
    c.street,
    c.city,
    c.region,
    c.postal_code,
    c.country,
    c.source,
    "user".name AS owner,
    c.note,
    strftime('%Y-%m-%dT%H:%M:%SZ', c.created_at, 'unixepoch') AS created_at,
    c.extra
FROM contact AS c
LEFT JOIN company ON company.id = c.company_id
LEFT JOIN "user" ON "user".id = c.owner_id
WHERE c.removed IS NULL;

CREATE VIEW record_log AS
SELECT
    r.id,
    campaign.name AS campaign,
    contact_list.name AS list,
    r.contact_id,
    trim(coalesce(contact.first_name, '') || ' ' || coalesce(contact.last_name, '')) AS contact_name,
    r.number,
    r.time_zone,
    r.state,
    r.attempts,
    strftime('%Y-%m-%dT%H:%M:%SZ', r.last_call_at, 'unixepoch') AS last_call_at,
    strftime('%Y-%m-%dT%H:%M:%SZ', r.next_at, 'unixepoch') AS next_at
FROM list_record AS r
JOIN campaign ON campaign.id = r.campaign_id
JOIN contact_list ON contact_list.id = r.list_id
JOIN contact ON contact.id = r.contact_id
WHERE r.removed IS NULL;
