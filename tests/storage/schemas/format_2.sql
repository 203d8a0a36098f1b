
CREATE TABLE campaign (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    description TEXT DEFAULT '' NOT NULL,
    hours TEXT,
    time_zone TEXT,
    closed INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT ck_closed CHECK (closed = 0 OR closed = 1),
    UNIQUE (folded)
);

CREATE TABLE change (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    made_at INTEGER NOT NULL,
    who TEXT NOT NULL,
    command TEXT NOT NULL,
    origin TEXT NOT NULL,
    undoes INTEGER,
    undone_by INTEGER,
    first_call INTEGER,
    last_call INTEGER,
    summary TEXT,
    CONSTRAINT ck_origin CHECK (origin = 'person' OR origin = 'import'),
    FOREIGN KEY(undoes) REFERENCES change (id),
    FOREIGN KEY(undone_by) REFERENCES change (id)
);

CREATE TABLE lookup (
    id INTEGER NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    folded TEXT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT ux_lookup UNIQUE (field, value)
);

CREATE TABLE tag (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    CONSTRAINT ux_tag UNIQUE (kind, folded),
    CONSTRAINT ck_kind CHECK (kind = 'reporting' OR kind = 'call')
);

CREATE TABLE user (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    email TEXT,
    extension TEXT,
    role TEXT,
    active_from INTEGER,
    active_until INTEGER,
    CONSTRAINT ck_period CHECK (active_from < active_until)
);

CREATE TABLE call_assignment (
    change_id INTEGER NOT NULL,
    call_id INTEGER NOT NULL,
    before_user INTEGER,
    before_by TEXT,
    after_user INTEGER,
    after_by TEXT,
    PRIMARY KEY (change_id, call_id),
    FOREIGN KEY(change_id) REFERENCES change (id)
)
 WITHOUT ROWID;

CREATE TABLE change_batch (
    change_id INTEGER NOT NULL,
    entity TEXT NOT NULL,
    first_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL,
    PRIMARY KEY (change_id, entity),
    FOREIGN KEY(change_id) REFERENCES change (id)
)
 WITHOUT ROWID;

CREATE TABLE change_entry (
    id INTEGER NOT NULL,
    change_id INTEGER NOT NULL,
    entity TEXT NOT NULL,
    entity_id INTEGER NOT NULL,
    field TEXT NOT NULL,
    item TEXT DEFAULT '' NOT NULL,
    "before" TEXT,
    "after" TEXT,
    written_by TEXT DEFAULT 'person' NOT NULL,
    reason TEXT,
    PRIMARY KEY (id),
    CONSTRAINT ck_written_by CHECK (written_by = 'person' OR written_by = 'import' OR written_by = 'rule' OR written_by = 'result'),
    FOREIGN KEY(change_id) REFERENCES change (id)
);

CREATE TABLE company (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    website TEXT,
    phone TEXT,
    street TEXT,
    city TEXT,
    region TEXT,
    postal_code TEXT,
    country TEXT,
    owner_id INTEGER,
    note TEXT,
    UNIQUE (folded),
    FOREIGN KEY(owner_id) REFERENCES user (id)
);

CREATE TABLE contact_list (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    campaign_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    added_in INTEGER NOT NULL,
    removed TEXT,
    CONSTRAINT ck_removed CHECK (removed = 'undone'),
    FOREIGN KEY(campaign_id) REFERENCES campaign (id),
    FOREIGN KEY(added_in) REFERENCES change (id)
);

CREATE TABLE do_not_call (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    number TEXT NOT NULL,
    campaign_id INTEGER,
    action TEXT NOT NULL,
    reason TEXT,
    added_in INTEGER NOT NULL,
    CONSTRAINT ck_action CHECK (action = 'added' OR action = 'removed'),
    FOREIGN KEY(campaign_id) REFERENCES campaign (id),
    FOREIGN KEY(added_in) REFERENCES change (id)
);

CREATE TABLE result (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL,
    folded TEXT NOT NULL,
    description TEXT DEFAULT '' NOT NULL,
    enabled INTEGER DEFAULT '1' NOT NULL,
    status TEXT,
    final INTEGER DEFAULT '0' NOT NULL,
    do_not_call INTEGER DEFAULT '0' NOT NULL,
    recall INTEGER DEFAULT '0' NOT NULL,
    no_contact INTEGER DEFAULT '0' NOT NULL,
    contact INTEGER DEFAULT '0' NOT NULL,
    presentation INTEGER DEFAULT '0' NOT NULL,
    success INTEGER DEFAULT '0' NOT NULL,
    require_amount INTEGER DEFAULT '0' NOT NULL,
    recall_after INTEGER,
    roll_to INTEGER,
    CONSTRAINT ck_enabled CHECK (enabled = 0 OR enabled = 1),
    CONSTRAINT ck_final CHECK (final = 0 OR final = 1),
    CONSTRAINT ck_do_not_call CHECK (do_not_call = 0 OR do_not_call = 1),
    CONSTRAINT ck_recall CHECK (recall = 0 OR recall = 1),
    CONSTRAINT ck_no_contact CHECK (no_contact = 0 OR no_contact = 1),
    CONSTRAINT ck_contact CHECK (contact = 0 OR contact = 1),
    CONSTRAINT ck_presentation CHECK (presentation = 0 OR presentation = 1),
    CONSTRAINT ck_success CHECK (success = 0 OR success = 1),
    CONSTRAINT ck_require_amount CHECK (require_amount = 0 OR require_amount = 1),
    CONSTRAINT ck_status CHECK (status = 'Person' OR status = 'No Answer' OR status = 'Busy' OR status = 'Operator Intercept' OR status = 'Drop/Hang up' OR status = 'Answer Machine' OR status = 'Fax/Modem'),
    CONSTRAINT ck_code CHECK (length(code) BETWEEN 1 AND 32),
    CONSTRAINT ck_success_is_contact CHECK (success = 0 OR contact = 1),
    CONSTRAINT ck_presentation_is_contact CHECK (presentation = 0 OR contact = 1),
    CONSTRAINT ck_no_contact CHECK (no_contact = 0 OR contact = 0),
    CONSTRAINT ck_final_or_recall CHECK (final = 0 OR recall = 0),
    CONSTRAINT ck_recall_after CHECK (recall_after > 0),
    CONSTRAINT ck_amount_needs_success CHECK (require_amount = 0 OR success = 1),
    UNIQUE (folded),
    FOREIGN KEY(roll_to) REFERENCES campaign (id)
);

CREATE TABLE rule_firing (
    id INTEGER NOT NULL,
    rule TEXT NOT NULL,
    event TEXT NOT NULL,
    entity TEXT NOT NULL,
    entity_id INTEGER NOT NULL,
    change_id INTEGER NOT NULL,
    fired INTEGER NOT NULL,
    detail TEXT,
    PRIMARY KEY (id),
    CONSTRAINT ck_fired CHECK (fired = 0 OR fired = 1),
    FOREIGN KEY(change_id) REFERENCES change (id)
);

CREATE TABLE user_alias (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    CONSTRAINT ux_user_alias UNIQUE (user_id, folded),
    FOREIGN KEY(user_id) REFERENCES user (id)
);

CREATE TABLE contact (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    external_id TEXT,
    first_name TEXT,
    last_name TEXT,
    folded TEXT NOT NULL,
    company_id INTEGER,
    job_title TEXT,
    street TEXT,
    city TEXT,
    region TEXT,
    postal_code TEXT,
    country TEXT,
    source TEXT,
    owner_id INTEGER,
    created_at INTEGER NOT NULL,
    added_in INTEGER NOT NULL,
    removed TEXT,
    merged_into INTEGER,
    note TEXT,
    extra TEXT,
    CONSTRAINT ck_kind CHECK (kind = 'lead' OR kind = 'contact'),
    CONSTRAINT ck_removed CHECK (removed = 'deleted' OR removed = 'merged' OR removed = 'undone'),
    CONSTRAINT ck_merged CHECK ((COALESCE(removed, '') = 'merged') = (merged_into IS NOT NULL)),
    FOREIGN KEY(company_id) REFERENCES company (id),
    FOREIGN KEY(owner_id) REFERENCES user (id),
    FOREIGN KEY(added_in) REFERENCES change (id),
    FOREIGN KEY(merged_into) REFERENCES contact (id)
);

CREATE TABLE result_campaign (
    result_id INTEGER NOT NULL,
    campaign_id INTEGER NOT NULL,
    PRIMARY KEY (result_id, campaign_id),
    FOREIGN KEY(result_id) REFERENCES result (id),
    FOREIGN KEY(campaign_id) REFERENCES campaign (id)
)
 WITHOUT ROWID;

CREATE TABLE activity (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    activity_type TEXT NOT NULL,
    folded TEXT NOT NULL,
    contact_id INTEGER,
    company_id INTEGER,
    points INTEGER NOT NULL,
    at INTEGER NOT NULL,
    subject TEXT,
    external_id TEXT,
    rule TEXT,
    added_in INTEGER NOT NULL,
    removed TEXT,
    extra TEXT,
    CONSTRAINT ck_whose CHECK ((contact_id IS NULL) <> (company_id IS NULL)),
    CONSTRAINT ck_removed CHECK (removed = 'deleted' OR removed = 'undone'),
    FOREIGN KEY(contact_id) REFERENCES contact (id),
    FOREIGN KEY(company_id) REFERENCES company (id),
    FOREIGN KEY(added_in) REFERENCES change (id)
);

CREATE TABLE contact_email (
    contact_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    email TEXT NOT NULL,
    folded TEXT NOT NULL,
    PRIMARY KEY (contact_id, position),
    FOREIGN KEY(contact_id) REFERENCES contact (id)
)
 WITHOUT ROWID;

CREATE TABLE contact_number (
    contact_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    number TEXT NOT NULL,
    e164 TEXT,
    PRIMARY KEY (contact_id, position),
    FOREIGN KEY(contact_id) REFERENCES contact (id)
)
 WITHOUT ROWID;

CREATE TABLE contact_score (
    contact_id INTEGER NOT NULL,
    score_type TEXT NOT NULL,
    value FLOAT NOT NULL,
    PRIMARY KEY (contact_id, score_type),
    FOREIGN KEY(contact_id) REFERENCES contact (id)
)
 WITHOUT ROWID;

CREATE TABLE list_record (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    list_id INTEGER NOT NULL,
    campaign_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    number TEXT NOT NULL,
    time_zone TEXT,
    state TEXT NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    last_call_at INTEGER,
    next_at INTEGER,
    callback_from INTEGER,
    reserved_by TEXT,
    reserved_until INTEGER,
    added_in INTEGER NOT NULL,
    removed TEXT,
    CONSTRAINT ck_state CHECK (state = 'new' OR state = 'callback' OR state = 'open' OR state = 'final' OR state = 'do_not_call'),
    CONSTRAINT ck_removed CHECK (removed = 'undone'),
    FOREIGN KEY(list_id) REFERENCES contact_list (id),
    FOREIGN KEY(campaign_id) REFERENCES campaign (id),
    FOREIGN KEY(contact_id) REFERENCES contact (id),
    FOREIGN KEY(added_in) REFERENCES change (id)
);

CREATE TABLE call (
    id INTEGER NOT NULL,
    started_at INTEGER,
    system_id INTEGER NOT NULL,
    source_id INTEGER,
    medium_id INTEGER,
    campaign_id INTEGER,
    list_id INTEGER,
    agent_id INTEGER,
    agent_extension_id INTEGER,
    agent_email_id INTEGER,
    account_id INTEGER,
    tracking_number_id INTEGER,
    termination_id INTEGER,
    user_id INTEGER,
    result_id INTEGER,
    direction TEXT,
    status TEXT,
    duration INTEGER,
    talk_time INTEGER,
    wait_time INTEGER,
    scored INTEGER DEFAULT '0' NOT NULL,
    stars INTEGER,
    converted INTEGER DEFAULT '0' NOT NULL,
    amount INTEGER,
    currency TEXT,
    converted_on TEXT,
    imported_in INTEGER,
    removed TEXT,
    identity BLOB NOT NULL,
    occurrence INTEGER DEFAULT '1' NOT NULL,
    assigned_by TEXT,
    external_id TEXT,
    contact_number_e164 TEXT,
    contact_number TEXT,
    contact_name TEXT,
    note TEXT,
    recording_url TEXT,
    extra TEXT,
    record_id INTEGER,
    recall_at INTEGER,
    PRIMARY KEY (id),
    CONSTRAINT ck_direction CHECK (direction = 'inbound' OR direction = 'outbound' OR direction = 'internal'),
    CONSTRAINT ck_status CHECK (status = 'answered' OR status = 'no_answer' OR status = 'busy' OR status = 'operator_intercept' OR status = 'dropped' OR status = 'answering_machine' OR status = 'fax' OR status = 'failed' OR status = 'other'),
    CONSTRAINT ck_stars CHECK (stars BETWEEN 1 AND 5),
    CONSTRAINT ck_amount CHECK (amount >= 0),
    CONSTRAINT ck_currency CHECK ((amount IS NULL) = (currency IS NULL)),
    CONSTRAINT ck_removed CHECK (removed = 'deleted' OR removed = 'undone'),
    CONSTRAINT ck_assigned_by CHECK (assigned_by = 'name' OR assigned_by = 'email' OR assigned_by = 'extension' OR assigned_by = 'alias' OR assigned_by = 'person'),
    FOREIGN KEY(system_id) REFERENCES lookup (id),
    FOREIGN KEY(source_id) REFERENCES lookup (id),
    FOREIGN KEY(medium_id) REFERENCES lookup (id),
    FOREIGN KEY(campaign_id) REFERENCES lookup (id),
    FOREIGN KEY(list_id) REFERENCES lookup (id),
    FOREIGN KEY(agent_id) REFERENCES lookup (id),
    FOREIGN KEY(agent_extension_id) REFERENCES lookup (id),
    FOREIGN KEY(agent_email_id) REFERENCES lookup (id),
    FOREIGN KEY(account_id) REFERENCES lookup (id),
    FOREIGN KEY(tracking_number_id) REFERENCES lookup (id),
    FOREIGN KEY(termination_id) REFERENCES lookup (id),
    FOREIGN KEY(user_id) REFERENCES user (id),
    FOREIGN KEY(result_id) REFERENCES result (id),
    FOREIGN KEY(imported_in) REFERENCES change (id),
    FOREIGN KEY(record_id) REFERENCES list_record (id)
);

CREATE TABLE call_tag (
    call_id INTEGER NOT NULL,
    tag_id INTEGER NOT NULL,
    PRIMARY KEY (call_id, tag_id),
    FOREIGN KEY(call_id) REFERENCES call (id),
    FOREIGN KEY(tag_id) REFERENCES tag (id)
)
 WITHOUT ROWID;

CREATE INDEX ix_lookup_folded ON lookup (field, folded);

CREATE INDEX ix_user_folded ON user (folded);

CREATE INDEX ix_change_entry_change ON change_entry (change_id);

CREATE INDEX ix_change_entry_record ON change_entry (entity, entity_id, field);

CREATE UNIQUE INDEX ux_contact_list ON contact_list (folded) WHERE removed IS NULL;

CREATE INDEX ix_do_not_call_number ON do_not_call (number);

CREATE INDEX ix_rule_firing_change ON rule_firing (change_id);

CREATE INDEX ix_rule_firing_record ON rule_firing (entity, entity_id, rule);

CREATE INDEX ix_contact_company ON contact (company_id);

CREATE INDEX ix_contact_external ON contact (external_id) WHERE external_id IS NOT NULL;

CREATE INDEX ix_contact_folded ON contact (folded);

CREATE INDEX ix_contact_merged ON contact (merged_into) WHERE merged_into IS NOT NULL;

CREATE INDEX ix_activity_company ON activity (company_id, points, at) WHERE removed IS NULL;

CREATE INDEX ix_activity_contact ON activity (contact_id, points, at) WHERE removed IS NULL;

CREATE INDEX ix_activity_external ON activity (external_id) WHERE external_id IS NOT NULL;

CREATE INDEX ix_contact_email_folded ON contact_email (folded);

CREATE INDEX ix_contact_number_e164 ON contact_number (e164);

CREATE INDEX ix_contact_score_value ON contact_score (score_type, value);

CREATE INDEX ix_list_record_again ON list_record (campaign_id, last_call_at, id) WHERE removed IS NULL AND state IN ('open', 'callback');

CREATE INDEX ix_list_record_contact ON list_record (contact_id);

CREATE INDEX ix_list_record_number ON list_record (number);

CREATE INDEX ix_list_record_queue ON list_record (campaign_id, state, next_at, id) WHERE removed IS NULL;

CREATE INDEX ix_list_record_zone ON list_record (campaign_id, time_zone) WHERE removed IS NULL AND time_zone IS NOT NULL;

CREATE UNIQUE INDEX ux_list_record ON list_record (list_id, number) WHERE removed IS NULL;

CREATE INDEX ix_call_conversions_by_source ON call (source_id, removed, scored, stars, converted, currency, amount);

CREATE INDEX ix_call_external ON call (external_id) WHERE external_id IS NOT NULL;

CREATE INDEX ix_call_figures ON call (started_at, removed, source_id, medium_id, campaign_id, list_id, agent_id, user_id, result_id, direction, status, scored, stars, converted, currency, amount);

CREATE INDEX ix_call_number ON call (contact_number_e164) WHERE contact_number_e164 IS NOT NULL;

CREATE INDEX ix_call_record ON call (record_id) WHERE record_id IS NOT NULL;

CREATE UNIQUE INDEX ux_call_identity ON call (identity, occurrence);

CREATE INDEX ix_call_tag_tag ON call_tag (tag_id);

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
