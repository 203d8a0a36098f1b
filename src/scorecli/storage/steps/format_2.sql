-- From format 1 to 2: contacts, activities, rules, campaigns, and all that a call result says.

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

CREATE TABLE change_batch (
    change_id INTEGER NOT NULL,
    entity TEXT NOT NULL,
    first_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL,
    PRIMARY KEY (change_id, entity),
    FOREIGN KEY(change_id) REFERENCES change (id)
)
 WITHOUT ROWID;

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

ALTER TABLE change_entry ADD COLUMN reason TEXT;

ALTER TABLE call ADD COLUMN record_id INTEGER REFERENCES list_record (id);

ALTER TABLE call ADD COLUMN recall_at INTEGER;

CREATE TABLE new_result (
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

INSERT INTO new_result (id, code, folded, description, enabled, status, contact, success, require_amount)
SELECT id, code, folded, description, enabled, status, contact, success, require_amount FROM result;

DROP TABLE result;

ALTER TABLE new_result RENAME TO result;

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

CREATE INDEX ix_call_record ON call (record_id) WHERE record_id IS NOT NULL;

-- ix_call_figures begins with the start, too.
DROP INDEX ix_call_started;
