-- Generated from storage/models.py by tools/generate_schema.py; edit the models, not this.
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

CREATE TABLE result (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL,
    folded TEXT NOT NULL,
    description TEXT DEFAULT '' NOT NULL,
    enabled INTEGER DEFAULT '1' NOT NULL,
    status TEXT,
    contact INTEGER DEFAULT '0' NOT NULL,
    success INTEGER DEFAULT '0' NOT NULL,
    require_amount INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT ck_enabled CHECK (enabled = 0 OR enabled = 1),
    CONSTRAINT ck_success CHECK (success = 0 OR success = 1),
    CONSTRAINT ck_contact CHECK (contact = 0 OR contact = 1),
    CONSTRAINT ck_require_amount CHECK (require_amount = 0 OR require_amount = 1),
    CONSTRAINT ck_status CHECK (status = 'Person' OR status = 'No Answer' OR status = 'Busy' OR status = 'Operator Intercept' OR status = 'Drop/Hang up' OR status = 'Answer Machine' OR status = 'Fax/Modem'),
    CONSTRAINT ck_code CHECK (length(code) BETWEEN 1 AND 32),
    CONSTRAINT ck_success_is_contact CHECK (success = 0 OR contact = 1),
    CONSTRAINT ck_amount_needs_success CHECK (require_amount = 0 OR success = 1),
    UNIQUE (folded)
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
    FOREIGN KEY(imported_in) REFERENCES change (id)
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
    PRIMARY KEY (id),
    CONSTRAINT ck_written_by CHECK (written_by = 'person' OR written_by = 'import' OR written_by = 'rule' OR written_by = 'result'),
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

CREATE INDEX ix_call_conversions_by_source ON call (source_id, removed, scored, stars, converted, currency, amount);

CREATE INDEX ix_call_external ON call (external_id) WHERE external_id IS NOT NULL;

CREATE INDEX ix_call_figures ON call (started_at, removed, source_id, medium_id, campaign_id, list_id, agent_id, user_id, result_id, direction, status, scored, stars, converted, currency, amount);

CREATE INDEX ix_call_number ON call (contact_number_e164) WHERE contact_number_e164 IS NOT NULL;

CREATE INDEX ix_call_started ON call (started_at);

CREATE UNIQUE INDEX ux_call_identity ON call (identity, occurrence);

CREATE INDEX ix_change_entry_change ON change_entry (change_id);

CREATE INDEX ix_change_entry_record ON change_entry (entity, entity_id, field);

CREATE INDEX ix_call_tag_tag ON call_tag (tag_id);
