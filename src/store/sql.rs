//! Every statement of the embedded database in one place: the numbered migrations and the queries.
//!
//! Only SQL that PostgreSQL reads alike is used, apart from what is marked; times are microseconds, payloads bytes.
//! Captures, contents and revisions are append-only, and triggers hold even our own code to that.

/// Migrations in order; the format of a store is how many of them it has. Never change one that was released.
pub(super) const MIGRATIONS: &[(&str, &str)] = &[
    ("ground", GROUND),
    ("contexts", CONTEXTS),
    ("memories", MEMORIES),
    ("saved", SAVED_TABLES),
    ("watched", WATCHED_TABLES),
    ("desk", DESK),
    ("bases", BASES_TABLES),
    ("letters", LETTERS_TABLE),
    ("sessions", SESSIONS_TABLES),
    (QUOTED, QUOTED_TABLE),
    ("arrived", ARRIVED_INDEXES),
    ("seen", SEEN_TABLES),
    ("unsent", UNSENT_TABLE),
    ("letters changed", LETTERS_CHANGED_TABLE),
    ("queue views", QUEUE_VIEWS_TABLE),
    ("moved", MOVED_TABLES),
    ("subscriptions", SUBSCRIPTIONS_TABLE),
];

/// Captures with where they stand now, in the order `retained::capture` reads them; what else is asked for comes behind.
macro_rules! capture_columns {
    ($more:literal, $rest:literal) => {
        concat!(
            "SELECT c.payload, m.at, m.is_removed, m.warc_file, m.warc_offset",
            $more,
            " FROM captures c LEFT JOIN moved m ON m.capture = c.seq ",
            $rest
        )
    };
}

/// Name of the migration whose table is filled from the verdicts that stand already.
pub(super) const QUOTED: &str = "quoted";

/// Marks the file as ours in its header (embedded database only): "AIGQ".
pub(super) const APPLICATION_ID: i32 = 0x4149_4751;

/// The list of migrations a store has had.
pub(super) const MIGRATIONS_TABLE: &str = "
CREATE TABLE IF NOT EXISTS migrations (
  number INTEGER NOT NULL PRIMARY KEY,
  name   TEXT    NOT NULL,
  written_by TEXT NOT NULL
)";

/// Migration 1.
const GROUND: &str = "
CREATE TABLE sources (
  id      TEXT NOT NULL PRIMARY KEY,
  payload BLOB NOT NULL
);

CREATE TABLE frontier (
  source  TEXT NOT NULL,
  url     TEXT NOT NULL,
  due_at  BIGINT,
  payload BLOB NOT NULL,
  PRIMARY KEY (source, url)
);
CREATE INDEX frontier_due ON frontier (due_at, url) WHERE due_at IS NOT NULL;

CREATE TABLE fetches (
  seq     INTEGER PRIMARY KEY,
  source  TEXT NOT NULL,
  url     TEXT NOT NULL,
  at      BIGINT NOT NULL,
  payload BLOB NOT NULL
);
CREATE INDEX fetches_of_source ON fetches (source, seq);

CREATE TABLE captures (
  seq         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  source      TEXT NOT NULL,
  url         TEXT NOT NULL,
  fetched_at  BIGINT NOT NULL,
  warc_file   TEXT NOT NULL,
  warc_offset BIGINT NOT NULL,
  payload     BLOB NOT NULL
);
CREATE INDEX captures_in_warc ON captures (warc_file, warc_offset);

CREATE TABLE pending (
  capture INTEGER NOT NULL PRIMARY KEY REFERENCES captures (seq),
  entry   BLOB NOT NULL
);

CREATE TABLE contents (
  seq     INTEGER PRIMARY KEY,
  payload BLOB NOT NULL
);

CREATE TABLE revisions (
  seq           INTEGER PRIMARY KEY,
  id            TEXT    NOT NULL UNIQUE,
  url           TEXT    NOT NULL,
  number        INTEGER NOT NULL,
  source        TEXT    NOT NULL,
  first_seen    BIGINT  NOT NULL,
  last_seen     BIGINT  NOT NULL,
  superseded_at BIGINT,
  is_gone       INTEGER NOT NULL,
  capture       TEXT REFERENCES captures (id),
  content_hash  TEXT    NOT NULL,
  content       INTEGER NOT NULL REFERENCES contents (seq),
  UNIQUE (url, number)
);
CREATE UNIQUE INDEX revisions_standing ON revisions (url) WHERE superseded_at IS NULL;
CREATE INDEX revisions_by_capture ON revisions (capture) WHERE capture IS NOT NULL;

CREATE TABLE observations (
  revision INTEGER NOT NULL REFERENCES revisions (seq),
  place    INTEGER NOT NULL,
  id       TEXT    NOT NULL UNIQUE,
  payload  BLOB    NOT NULL,
  PRIMARY KEY (revision, place)
);

CREATE TABLE claims (
  revision INTEGER NOT NULL REFERENCES revisions (seq),
  place    INTEGER NOT NULL,
  id       TEXT    NOT NULL,
  payload  BLOB    NOT NULL,
  PRIMARY KEY (revision, place),
  UNIQUE (id, revision)
);

CREATE TABLE verdicts (
  seq     INTEGER PRIMARY KEY,
  claim   TEXT   NOT NULL,
  label   TEXT   NOT NULL,
  as_of   BIGINT NOT NULL,
  payload BLOB   NOT NULL
);
CREATE INDEX verdicts_of_claim ON verdicts (claim, seq);

CREATE TABLE cases (
  id        TEXT   NOT NULL PRIMARY KEY,
  state     TEXT   NOT NULL,
  opened_at BIGINT NOT NULL,
  payload   BLOB   NOT NULL
);

-- The ground truth is append-only (trigger syntax of the embedded database).
CREATE TRIGGER captures_stay BEFORE DELETE ON captures
  BEGIN SELECT RAISE(ABORT, 'captures are never deleted'); END;
CREATE TRIGGER captures_hold BEFORE UPDATE ON captures
  BEGIN SELECT RAISE(ABORT, 'captures are never changed'); END;
CREATE TRIGGER contents_stay BEFORE DELETE ON contents
  BEGIN SELECT RAISE(ABORT, 'contents are never deleted'); END;
CREATE TRIGGER contents_hold BEFORE UPDATE ON contents
  BEGIN SELECT RAISE(ABORT, 'contents are never changed'); END;
CREATE TRIGGER revisions_stay BEFORE DELETE ON revisions
  BEGIN SELECT RAISE(ABORT, 'revisions are never deleted'); END;
CREATE TRIGGER revisions_hold BEFORE UPDATE OF
  seq, id, url, number, source, first_seen, is_gone, capture, content_hash, content ON revisions
  BEGIN SELECT RAISE(ABORT, 'revisions are never changed'); END;
CREATE TRIGGER revisions_stay_superseded BEFORE UPDATE OF superseded_at ON revisions
  WHEN OLD.superseded_at IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'a superseded revision stays superseded'); END;
";

/// Migration 2: the anchors of a publication stand once for all of its claims. Claims stored before keep theirs.
const CONTEXTS: &str = "
CREATE TABLE contexts (
  revision INTEGER NOT NULL PRIMARY KEY REFERENCES revisions (seq),
  payload  BLOB    NOT NULL
);
";

/// Migration 3: what repeats over the pages of each source.
const MEMORIES: &str = "
CREATE TABLE memories (
  source  TEXT NOT NULL PRIMARY KEY,
  payload BLOB NOT NULL
) WITHOUT ROWID;
";

/// Migration 4: saved searches, what they found, and up to which revision they were matched.
const SAVED_TABLES: &str = "
CREATE TABLE saved (
  name    TEXT NOT NULL PRIMARY KEY,
  payload BLOB NOT NULL
);
CREATE TABLE alerts (
  seq      INTEGER PRIMARY KEY,
  search   TEXT NOT NULL,
  revision TEXT NOT NULL,
  payload  BLOB NOT NULL,
  UNIQUE (search, revision)
);
CREATE TABLE matched (place BIGINT NOT NULL);
INSERT INTO matched SELECT COALESCE(MAX(seq), 0) FROM revisions;
";

/// When sources were seen, and the gaps in between; see `watched`. Fetches logged before are not looked at again.
const WATCHED_TABLES: &str = "
CREATE TABLE watched (
  source      TEXT   NOT NULL PRIMARY KEY,
  asked_since BIGINT NOT NULL,
  answered_at BIGINT,
  n_failed    BIGINT NOT NULL
);
CREATE TABLE gaps (
  source    TEXT    NOT NULL,
  from_at   BIGINT  NOT NULL,
  to_at     BIGINT  NOT NULL,
  is_silent INTEGER NOT NULL,
  PRIMARY KEY (source, from_at)
);
";

// When sources were seen.

pub(super) const WATCHED: &str =
    "SELECT source, asked_since, answered_at, n_failed FROM watched WHERE source = ?1";
pub(super) const ALL_WATCHED: &str =
    "SELECT source, asked_since, answered_at, n_failed FROM watched ORDER BY source";
pub(super) const PUT_WATCHED: &str = "
INSERT INTO watched (source, asked_since, answered_at, n_failed) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (source) DO UPDATE SET answered_at = excluded.answered_at, n_failed = excluded.n_failed";
pub(super) const ADD_GAP: &str = "
INSERT INTO gaps (source, from_at, to_at, is_silent) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (source, from_at) DO NOTHING";
pub(super) const GAPS: &str =
    "SELECT source, from_at, to_at, is_silent FROM gaps ORDER BY source, from_at";
/// Migration 6: who works with cases, every version of every case, and the audit log.
const DESK: &str = "
ALTER TABLE cases ADD COLUMN version BIGINT NOT NULL DEFAULT 0;

CREATE TABLE case_versions (
  id      TEXT   NOT NULL,
  version BIGINT NOT NULL,
  payload BLOB   NOT NULL,
  PRIMARY KEY (id, version)
);

CREATE TABLE users (
  id      TEXT NOT NULL PRIMARY KEY,
  payload BLOB NOT NULL
);

CREATE TABLE tokens (
  hash    TEXT NOT NULL PRIMARY KEY,
  payload BLOB NOT NULL
);

CREATE TABLE audit (
  seq     INTEGER PRIMARY KEY,
  at      BIGINT NOT NULL,
  actor   TEXT   NOT NULL,
  action  TEXT   NOT NULL,
  subject TEXT   NOT NULL,
  details TEXT   NOT NULL,
  before  TEXT   NOT NULL,
  hash    TEXT   NOT NULL
);

CREATE TABLE audit_head (
  one  INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  seq  BIGINT  NOT NULL,
  hash TEXT    NOT NULL
);

-- What people did is never lost (trigger syntax of the embedded database).
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit log is never deleted'); END;
CREATE TRIGGER audit_holds BEFORE UPDATE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END;
CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
  BEGIN SELECT RAISE(ABORT, 'the head of the audit log is never deleted'); END;
CREATE TRIGGER audit_head_grows BEFORE UPDATE ON audit_head WHEN NEW.seq <= OLD.seq
  BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
CREATE TRIGGER case_versions_stay BEFORE DELETE ON case_versions
  BEGIN SELECT RAISE(ABORT, 'versions of cases are never deleted'); END;
CREATE TRIGGER case_versions_hold BEFORE UPDATE ON case_versions
  BEGIN SELECT RAISE(ABORT, 'versions of cases are never changed'); END;
CREATE TRIGGER cases_stay BEFORE DELETE ON cases
  BEGIN SELECT RAISE(ABORT, 'cases are never deleted'); END;
CREATE TRIGGER users_stay BEFORE DELETE ON users
  BEGIN SELECT RAISE(ABORT, 'users are disabled, never deleted'); END;
CREATE TRIGGER tokens_stay BEFORE DELETE ON tokens
  BEGIN SELECT RAISE(ABORT, 'tokens are revoked, never deleted'); END;
";

// The desk.

pub(super) const ADD_CASE_VERSION: &str =
    "INSERT INTO case_versions (id, version, payload) VALUES (?1, ?2, ?3)";
pub(super) const CASE_VERSION: &str =
    "SELECT payload FROM case_versions WHERE id = ?1 AND version = ?2";
pub(super) const CHANGED_CASES: &str =
    "SELECT id, min(version) FROM case_versions WHERE rowid > ?1 GROUP BY id ORDER BY id";
pub(super) const LAST_CASE_VERSION: &str = "SELECT coalesce(max(rowid), 0) FROM case_versions";
pub(super) const CASE_VERSIONS: &str =
    "SELECT id, version, payload FROM case_versions ORDER BY id, version";
pub(super) const CASE_HEADS: &str =
    "SELECT id, version, payload FROM cases WHERE version > 0 ORDER BY id";
pub(super) const USERS: &str = "SELECT payload FROM users ORDER BY id";
pub(super) const USER: &str = "SELECT payload FROM users WHERE id = ?1";
pub(super) const USER_ROWS: &str = "SELECT id, payload FROM users ORDER BY id";
pub(super) const PUT_USER: &str = "
INSERT INTO users (id, payload) VALUES (?1, ?2)
ON CONFLICT (id) DO UPDATE SET payload = excluded.payload";
pub(super) const TOKENS: &str = "SELECT payload FROM tokens ORDER BY hash";
pub(super) const TOKEN: &str = "SELECT payload FROM tokens WHERE hash = ?1";
pub(super) const PUT_TOKEN: &str = "
INSERT INTO tokens (hash, payload) VALUES (?1, ?2)
ON CONFLICT (hash) DO UPDATE SET payload = excluded.payload";

// The audit log.

pub(super) const ADD_AUDIT: &str = "
INSERT INTO audit (seq, at, actor, action, subject, details, before, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
pub(super) const AUDIT_HEAD: &str = "SELECT seq, hash FROM audit_head WHERE one = 1";
pub(super) const PUT_AUDIT_HEAD: &str = "
INSERT INTO audit_head (one, seq, hash) VALUES (1, ?1, ?2)
ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, hash = excluded.hash";
pub(super) const AUDIT_AFTER: &str = "
SELECT seq, at, actor, action, subject, details, before, hash FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2";
pub(super) const AUDIT_BEFORE: &str = "
SELECT seq, at, actor, action, subject, details, before, hash FROM audit WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2";
pub(super) const AUDIT_ALL: &str =
    "SELECT seq, at, actor, action, subject, details, before, hash FROM audit ORDER BY seq";

/// Migration 8, letters: the register. An entry is never removed, and its number never changes.
const LETTERS_TABLE: &str = "
CREATE TABLE letters (
  seq     INTEGER PRIMARY KEY,
  number  TEXT NOT NULL UNIQUE,
  of_case TEXT NOT NULL,
  payload BLOB NOT NULL
);
CREATE INDEX letters_of_case ON letters (of_case, seq);
CREATE TRIGGER letters_stay BEFORE DELETE ON letters
  BEGIN SELECT RAISE(ABORT, 'letters are never deleted'); END;
CREATE TRIGGER letters_hold BEFORE UPDATE OF seq, number, of_case ON letters
  BEGIN SELECT RAISE(ABORT, 'the number and case of a letter are never changed'); END;
";

/// Migration 10: which verdicts quote a page, so that a record finds the claims that were held against it.
const QUOTED_TABLE: &str = "
CREATE TABLE quoted (
  url     TEXT    NOT NULL,
  verdict INTEGER NOT NULL REFERENCES verdicts (seq),
  PRIMARY KEY (url, verdict)
) WITHOUT ROWID;
";

/// Migration 11: what pages ask of sources is found without walking over everything.
const ARRIVED_INDEXES: &str = "
CREATE INDEX revisions_arrived ON revisions (first_seen, source) WHERE number = 1;
CREATE INDEX captures_of_source ON captures (source, seq);
CREATE INDEX frontier_due_of_source ON frontier (source, due_at, url) WHERE due_at IS NOT NULL;
";

/// Migration 14: how often the register of letters changed, so that what is reckoned from it is reckoned once.
const LETTERS_CHANGED_TABLE: &str = "
CREATE TABLE letters_changed (n INTEGER NOT NULL);
INSERT INTO letters_changed (n) SELECT COUNT(*) FROM letters;
CREATE TRIGGER letters_entered AFTER INSERT ON letters
  BEGIN UPDATE letters_changed SET n = n + 1; END;
CREATE TRIGGER letters_went_on AFTER UPDATE OF payload ON letters
  BEGIN UPDATE letters_changed SET n = n + 1; END;
";

/// Migration 15: views of the queue that people keep.
const QUEUE_VIEWS_TABLE: &str = "
CREATE TABLE queue_views (
  id      TEXT NOT NULL PRIMARY KEY,
  name    TEXT NOT NULL,
  of_user TEXT NOT NULL,
  payload BLOB NOT NULL,
  UNIQUE (of_user, name)
);
";

/// Migration 16: captures whose bytes stand elsewhere than where they were written, or nowhere any more (`is_removed`, with the last
/// place); and the files that were written anew without some of what stood in them, by which a killed removal is finished.
const MOVED_TABLES: &str = "
CREATE TABLE moved (
  capture     INTEGER NOT NULL PRIMARY KEY REFERENCES captures (seq),
  at          BIGINT  NOT NULL,
  is_removed  INTEGER NOT NULL,
  warc_file   TEXT    NOT NULL,
  warc_offset BIGINT  NOT NULL
);
CREATE INDEX moved_in_warc ON moved (warc_file, warc_offset);
CREATE TABLE rewritten (
  file   TEXT   NOT NULL PRIMARY KEY,
  sha256 TEXT   NOT NULL,
  at     BIGINT NOT NULL
);
CREATE TRIGGER moved_stays BEFORE DELETE ON moved
  BEGIN SELECT RAISE(ABORT, 'where a capture stands is never forgotten'); END;
CREATE TRIGGER moved_stays_removed BEFORE UPDATE ON moved WHEN OLD.is_removed = 1
  BEGIN SELECT RAISE(ABORT, 'a removed capture stays removed'); END;
";

/// Migration 17: subscriptions to the news of feeds at hubs.
const SUBSCRIPTIONS_TABLE: &str = "
CREATE TABLE subscriptions (
  source  TEXT NOT NULL,
  feed    TEXT NOT NULL,
  payload BLOB NOT NULL,
  PRIMARY KEY (source, feed)
);
";

// Subscriptions.

pub(super) const SUBSCRIPTIONS: &str = "SELECT payload FROM subscriptions ORDER BY source, feed";
pub(super) const SUBSCRIPTION: &str =
    "SELECT payload FROM subscriptions WHERE source = ?1 AND feed = ?2";
pub(super) const PUT_SUBSCRIPTION: &str = "
INSERT INTO subscriptions (source, feed, payload) VALUES (?1, ?2, ?3)
ON CONFLICT (source, feed) DO UPDATE SET payload = excluded.payload";
pub(super) const DROP_SUBSCRIPTION: &str =
    "DELETE FROM subscriptions WHERE source = ?1 AND feed = ?2";

// Views of the queue.

pub(super) const QUEUE_VIEWS: &str = "SELECT payload FROM queue_views ORDER BY name, id";
pub(super) const KEEP_QUEUE_VIEW: &str = "
INSERT INTO queue_views (id, name, of_user, payload) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, payload = excluded.payload";
pub(super) const REMOVE_QUEUE_VIEW: &str = "DELETE FROM queue_views WHERE id = ?1";

// What pages show of sources.

pub(super) const ARRIVALS: &str = "
SELECT source, (first_seen - ?1) / ?3, COUNT(*) FROM revisions
WHERE number = 1 AND first_seen >= ?1 AND first_seen < ?2 GROUP BY 1, 2 ORDER BY 1, 2";
pub(super) const NEWEST_CAPTURES: &str =
    capture_columns!("", "WHERE c.source = ?1 ORDER BY c.seq DESC LIMIT ?2");
pub(super) const NEXT_VISITS: &str = "
SELECT payload FROM frontier WHERE source = ?1 AND due_at IS NOT NULL ORDER BY due_at, url LIMIT ?2";

// Letters.

pub(super) const LETTERS: &str = "SELECT payload FROM letters ORDER BY seq";
pub(super) const LETTERS_OF: &str = "SELECT payload FROM letters WHERE of_case = ?1 ORDER BY seq";
pub(super) const LETTERS_CHANGED: &str = "SELECT n FROM letters_changed";
pub(super) const LETTER: &str = "SELECT payload FROM letters WHERE number = ?1";
pub(super) const ADD_LETTER: &str =
    "INSERT INTO letters (number, of_case, payload) VALUES (?1, ?2, ?3)";
pub(super) const CHANGE_LETTER: &str =
    "UPDATE letters SET payload = ?2 WHERE number = ?1 AND payload = ?3";

/// Migration 7: what finding the records of each claim rested on (place -1: of the publication as a whole), up to which
/// revision records were weighed against it, and records whose moment has not come. Claims judged before have no basis.
const BASES_TABLES: &str = "
CREATE TABLE bases (
  revision INTEGER NOT NULL REFERENCES revisions (seq),
  place    INTEGER NOT NULL,
  payload  BLOB    NOT NULL,
  PRIMARY KEY (revision, place)
);
CREATE TABLE waiting (
  revision TEXT   NOT NULL PRIMARY KEY,
  until    BIGINT NOT NULL
);
CREATE TABLE weighed (place BIGINT NOT NULL);
INSERT INTO weighed SELECT COALESCE(MAX(seq), 0) FROM revisions;
";

/// Migration 9: who is signed in, links that set a password once, and the last code of each second step that was used.
const SESSIONS_TABLES: &str = "
CREATE TABLE sessions (
  hash       TEXT   NOT NULL PRIMARY KEY,
  of_user    TEXT   NOT NULL,
  made_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  payload    BLOB   NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (of_user, made_at);
CREATE TABLE links (
  hash    TEXT NOT NULL PRIMARY KEY,
  of_user TEXT NOT NULL,
  payload BLOB NOT NULL
);
CREATE TABLE used_steps (
  of_user TEXT   NOT NULL PRIMARY KEY,
  step    BIGINT NOT NULL
);
";

// Who is signed in.

pub(super) const ADD_SESSION: &str = "
INSERT INTO sessions (hash, of_user, made_at, expires_at, payload) VALUES (?1, ?2, ?3, ?4, ?5)";
pub(super) const SESSION: &str = "SELECT payload FROM sessions WHERE hash = ?1";
pub(super) const SESSIONS_OF: &str =
    "SELECT payload FROM sessions WHERE of_user = ?1 ORDER BY made_at DESC, hash";
pub(super) const SEEN_SESSION: &str = "UPDATE sessions SET payload = ?2 WHERE hash = ?1";
pub(super) const END_SESSION: &str = "DELETE FROM sessions WHERE hash = ?1";
pub(super) const END_SESSIONS: &str = "DELETE FROM sessions WHERE of_user = ?1 AND hash <> ?2";
pub(super) const END_OLD_SESSIONS: &str = "DELETE FROM sessions WHERE expires_at <= ?1";
pub(super) const LINK: &str = "SELECT payload FROM links WHERE hash = ?1";
pub(super) const PUT_LINK: &str = "
INSERT INTO links (hash, of_user, payload) VALUES (?1, ?2, ?3)
ON CONFLICT (hash) DO UPDATE SET payload = excluded.payload";
pub(super) const DROP_LINKS: &str = "DELETE FROM links WHERE of_user = ?1";
pub(super) const USE_STEP: &str = "
INSERT INTO used_steps (of_user, step) VALUES (?1, ?2)
ON CONFLICT (of_user) DO UPDATE SET step = excluded.step WHERE used_steps.step < excluded.step";
/// Migration 13: what people have typed and not sent.
const UNSENT_TABLE: &str = "
CREATE TABLE unsent (
  of_user TEXT   NOT NULL,
  form    TEXT   NOT NULL,
  at      BIGINT NOT NULL,
  payload BLOB   NOT NULL,
  PRIMARY KEY (of_user, form)
);
CREATE INDEX unsent_by_age ON unsent (at);
";

// What people have typed and not sent.

pub(super) const KEEP_UNSENT: &str = "
INSERT INTO unsent (of_user, form, at, payload) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (of_user, form) DO UPDATE SET at = excluded.at, payload = excluded.payload";
pub(super) const UNSENT: &str =
    "SELECT payload FROM unsent WHERE of_user = ?1 AND form = ?2 AND at > ?3";
pub(super) const UNSENT_OF: &str =
    "SELECT payload FROM unsent WHERE of_user = ?1 AND at > ?2 ORDER BY at DESC, form";
pub(super) const DROP_UNSENT: &str = "DELETE FROM unsent WHERE of_user = ?1 AND form = ?2";
pub(super) const DROP_ALL_UNSENT: &str = "DELETE FROM unsent WHERE of_user = ?1";
pub(super) const DROP_OLD_UNSENT: &str = "DELETE FROM unsent WHERE at <= ?1";
pub(super) const DROP_MANY_UNSENT: &str = "
DELETE FROM unsent WHERE of_user = ?1 AND form NOT IN (
  SELECT form FROM unsent WHERE of_user = ?1 ORDER BY at DESC, form LIMIT ?2)";
/// Migration 12: what visits taught of sources and hosts, and how sources fare.
const SEEN_TABLES: &str = "
CREATE TABLE rhythms (
  source  TEXT NOT NULL PRIMARY KEY,
  payload BLOB NOT NULL
);
CREATE TABLE hosts (
  host    TEXT NOT NULL PRIMARY KEY,
  payload BLOB NOT NULL
);
CREATE TABLE yields (
  source  TEXT   NOT NULL,
  hour    BIGINT NOT NULL,
  payload BLOB   NOT NULL,
  PRIMARY KEY (source, hour)
);
CREATE TABLE healths (
  source  TEXT NOT NULL PRIMARY KEY,
  payload BLOB NOT NULL
);
";

// What visits taught.

pub(super) const RHYTHM: &str = "SELECT payload FROM rhythms WHERE source = ?1";
pub(super) const PUT_RHYTHM: &str = "
INSERT INTO rhythms (source, payload) VALUES (?1, ?2)
ON CONFLICT (source) DO UPDATE SET payload = excluded.payload";
pub(super) const HOST: &str = "SELECT payload FROM hosts WHERE host = ?1";
pub(super) const PUT_HOST: &str = "
INSERT INTO hosts (host, payload) VALUES (?1, ?2)
ON CONFLICT (host) DO UPDATE SET payload = excluded.payload";
pub(super) const YIELD: &str = "SELECT payload FROM yields WHERE source = ?1 AND hour = ?2";
pub(super) const YIELDS: &str =
    "SELECT payload FROM yields WHERE source = ?1 AND hour >= ?2 ORDER BY hour";
pub(super) const PUT_YIELD: &str = "
INSERT INTO yields (source, hour, payload) VALUES (?1, ?2, ?3)
ON CONFLICT (source, hour) DO UPDATE SET payload = excluded.payload";
pub(super) const HEALTHS: &str = "SELECT payload FROM healths ORDER BY source";
pub(super) const PUT_HEALTH: &str = "
INSERT INTO healths (source, payload) VALUES (?1, ?2)
ON CONFLICT (source) DO UPDATE SET payload = excluded.payload";
pub(super) const ENTRIES_AT: &str = "SELECT payload FROM frontier WHERE url = ?1 ORDER BY source";
pub(super) const FETCHES_AT: &str = "
SELECT url, at, payload FROM fetches WHERE source = ?1 AND url = ?3 ORDER BY seq DESC LIMIT ?2";

// Saved searches.

pub(super) const SAVED: &str = "SELECT payload FROM saved ORDER BY name";
pub(super) const SAVED_OF: &str = "SELECT payload FROM saved WHERE name = ?1";
pub(super) const PUT_SAVED: &str = "
INSERT INTO saved (name, payload) VALUES (?1, ?2)
ON CONFLICT (name) DO UPDATE SET payload = excluded.payload";
pub(super) const REMOVE_SAVED: &str = "DELETE FROM saved WHERE name = ?1";
pub(super) const REMOVE_ALERTS: &str = "DELETE FROM alerts WHERE search = ?1";
pub(super) const ALERTS: &str =
    "SELECT payload FROM alerts WHERE search = ?1 ORDER BY seq DESC LIMIT ?2";
pub(super) const PUT_ALERT: &str = "
INSERT INTO alerts (search, revision, payload) VALUES (?1, ?2, ?3)
ON CONFLICT (search, revision) DO UPDATE SET payload = excluded.payload";
pub(super) const MATCHED: &str = "SELECT place FROM matched";
pub(super) const PUT_MATCHED: &str = "UPDATE matched SET place = ?1";

// What sites repeat.

pub(super) const MEMORY: &str = "SELECT payload FROM memories WHERE source = ?1";
pub(super) const PUT_MEMORY: &str = "
INSERT INTO memories (source, payload) VALUES (?1, ?2)
ON CONFLICT (source) DO UPDATE SET payload = excluded.payload";

// Frontier.

pub(super) const ENTRY: &str = "SELECT payload FROM frontier WHERE source = ?1 AND url = ?2";
pub(super) const PUT_ENTRY: &str = "
INSERT INTO frontier (source, url, due_at, payload) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (source, url) DO UPDATE SET due_at = excluded.due_at, payload = excluded.payload";
pub(super) const DUE: &str = "
SELECT payload FROM frontier WHERE due_at IS NOT NULL AND due_at <= ?1 ORDER BY due_at, url, source";
pub(super) const DUE_OF_SOURCE: &str = "
SELECT payload FROM frontier WHERE source = ?2 AND due_at IS NOT NULL AND due_at <= ?1 ORDER BY due_at, url";
pub(super) const ENTRIES_OF_REVISION: &str = "
SELECT f.payload FROM revisions r JOIN captures c ON c.id = r.capture JOIN frontier f ON f.source = c.source AND f.url = c.url
WHERE r.id = ?1";
pub(super) const LOG_FETCH: &str =
    "INSERT INTO fetches (source, url, at, payload) VALUES (?1, ?2, ?3, ?4)";
pub(super) const FETCHES: &str =
    "SELECT url, at, payload FROM fetches WHERE source = ?1 ORDER BY seq DESC LIMIT ?2";

// Captures.

pub(super) const ADD_CAPTURE: &str = "
INSERT INTO captures (id, source, url, fetched_at, warc_file, warc_offset, payload)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO NOTHING";
pub(super) const ADD_PENDING: &str =
    "INSERT INTO pending (capture, entry) SELECT seq, ?2 FROM captures WHERE id = ?1";
pub(super) const PENDING: &str = capture_columns!(
    ", p.entry",
    "JOIN pending p ON p.capture = c.seq ORDER BY p.capture LIMIT ?1"
);
pub(super) const PROCESSED: &str =
    "DELETE FROM pending WHERE capture = (SELECT seq FROM captures WHERE id = ?1)";
pub(super) const CAPTURE: &str = capture_columns!("", "WHERE c.id = ?1");
pub(super) const CAPTURES: &str = capture_columns!("", "ORDER BY c.seq");
pub(super) const CAPTURES_IN: &str = capture_columns!(
    "",
    "WHERE c.seq IN (
       SELECT o.seq FROM captures o WHERE o.warc_file = ?1 AND NOT EXISTS (SELECT 1 FROM moved n WHERE n.capture = o.seq)
       UNION SELECT n.capture FROM moved n WHERE n.warc_file = ?1 AND n.is_removed = 0)
     ORDER BY c.seq"
);
pub(super) const OFFSETS_IN: &str = "
SELECT c.warc_offset FROM captures c WHERE c.warc_file = ?1 AND NOT EXISTS (SELECT 1 FROM moved m WHERE m.capture = c.seq)
UNION SELECT warc_offset FROM moved WHERE warc_file = ?1 AND is_removed = 0";

// What stays of the captures.

/// What waits to be read; what the newest revision with a capture of each address was read from; what claims with a verdict stand in;
/// and what was the newest at each address when the time of the rule began, so that every note of an unchanged page which is newer
/// speaks of something.
pub(super) const CITED_CAPTURES: &str = "
SELECT c.id FROM pending p JOIN captures c ON c.seq = p.capture
UNION SELECT r.capture FROM revisions r WHERE r.capture IS NOT NULL
  AND r.number = (SELECT MAX(n.number) FROM revisions n WHERE n.url = r.url AND n.capture IS NOT NULL)
UNION SELECT r.capture FROM verdicts v JOIN claims k ON k.id = v.claim JOIN revisions r ON r.seq = k.revision
  WHERE r.capture IS NOT NULL
UNION SELECT b.id FROM (
    SELECT id, ROW_NUMBER() OVER (PARTITION BY source, url ORDER BY fetched_at DESC, seq DESC) AS place
    FROM captures WHERE fetched_at < ?1) b
  WHERE b.place = 1";
pub(super) const CASE_PAYLOADS: &str = "SELECT payload FROM case_versions";
pub(super) const VERDICT_PAYLOADS: &str = "SELECT payload FROM verdicts";
pub(super) const CAPTURE_OF_REVISION: &str =
    "SELECT capture FROM revisions WHERE id = ?1 AND capture IS NOT NULL";
pub(super) const CAPTURED_AT: &str = "
SELECT c.id, c.url FROM revisions r JOIN captures c ON c.id = r.capture WHERE r.url = ?1";
pub(super) const MOVE_CAPTURE: &str = "
INSERT INTO moved (capture, at, is_removed, warc_file, warc_offset) SELECT seq, ?2, ?3, ?4, ?5 FROM captures WHERE id = ?1
ON CONFLICT (capture) DO UPDATE SET at = excluded.at, is_removed = excluded.is_removed, warc_file = excluded.warc_file,
  warc_offset = excluded.warc_offset";
pub(super) const REWRITTEN: &str = "SELECT file, sha256 FROM rewritten";
pub(super) const PUT_REWRITTEN: &str = "
INSERT INTO rewritten (file, sha256, at) VALUES (?1, ?2, ?3)
ON CONFLICT (file) DO UPDATE SET sha256 = excluded.sha256, at = excluded.at";

// Revisions.

/// Columns of a whole revision, in the order `revised::revision` reads them.
macro_rules! revision_columns {
    ($rest:literal) => {
        concat!(
            "SELECT r.seq, r.id, r.url, r.number, r.source, r.first_seen, r.last_seen, r.superseded_at,",
            " r.is_gone, r.capture, d.payload",
            " FROM revisions r JOIN contents d ON d.seq = r.content ",
            $rest
        )
    };
}

pub(super) const REVISION: &str = revision_columns!("WHERE r.id = ?1");
pub(super) const REVISIONS_OF: &str = revision_columns!("WHERE r.url = ?1 ORDER BY r.number");
pub(super) const NEWEST_OF: &str =
    revision_columns!("WHERE r.url = ?1 ORDER BY r.number DESC LIMIT 1");
pub(super) const STANDING: &str =
    revision_columns!("WHERE r.superseded_at IS NULL AND r.is_gone = 0 ORDER BY r.url");
pub(super) const REVISIONS_AFTER: &str =
    revision_columns!("WHERE r.seq > ?1 ORDER BY r.seq LIMIT ?2");
pub(super) const LAST_REVISION: &str = "SELECT COALESCE(MAX(seq), 0) FROM revisions";
pub(super) const REVISION_SEQ: &str = "SELECT seq FROM revisions WHERE id = ?1";
pub(super) const HEAD: &str = "
SELECT id, number, source, last_seen, is_gone, content_hash FROM revisions WHERE url = ?1 AND superseded_at IS NULL";
pub(super) const REVISION_OF_CAPTURE: &str = "SELECT id FROM revisions WHERE capture = ?1";
pub(super) const ADD_CONTENT: &str = "INSERT INTO contents (payload) VALUES (?1)";
pub(super) const ADD_REVISION: &str = "
INSERT INTO revisions (id, url, number, source, first_seen, last_seen, is_gone, capture, content_hash, content)
VALUES (?1, ?2, ?3, ?4, ?5, ?5, 0, ?6, ?7, ?8)";
pub(super) const ADD_GONE: &str = "
INSERT INTO revisions (id, url, number, source, first_seen, last_seen, superseded_at, is_gone, capture, content_hash, content)
SELECT ?2, url, number + 1, source, ?3, ?3, NULL, 1, NULL, content_hash, content FROM revisions WHERE id = ?1";
pub(super) const SUPERSEDE: &str = "UPDATE revisions SET superseded_at = ?2 WHERE id = ?1";
pub(super) const SEEN: &str =
    "UPDATE revisions SET last_seen = ?2 WHERE id = ?1 AND last_seen < ?2";

// Observations and claims.

pub(super) const DROP_OBSERVATIONS: &str = "DELETE FROM observations WHERE revision = ?1";
pub(super) const ADD_OBSERVATION: &str = "
INSERT INTO observations (revision, place, id, payload) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO NOTHING";
pub(super) const OBSERVATION: &str = "
SELECT o.payload, r.superseded_at FROM observations o JOIN revisions r ON r.seq = o.revision WHERE o.id = ?1";
pub(super) const OBSERVATIONS_OF: &str = "
SELECT o.payload, r.superseded_at FROM observations o JOIN revisions r ON r.seq = o.revision
WHERE r.id = ?1 ORDER BY o.place";
pub(super) const OBSERVATIONS_AFTER: &str = "
SELECT o.payload, r.superseded_at, o.revision, o.place FROM observations o JOIN revisions r ON r.seq = o.revision
WHERE (o.revision, o.place) > (?1, ?2) ORDER BY o.revision, o.place LIMIT ?3";
pub(super) const DROP_CLAIMS: &str = "DELETE FROM claims WHERE revision = ?1";
pub(super) const ADD_CLAIM: &str = "
INSERT INTO claims (revision, place, id, payload) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id, revision) DO NOTHING";
pub(super) const PUT_CONTEXT: &str = "
INSERT INTO contexts (revision, payload) VALUES (?1, ?2)
ON CONFLICT (revision) DO UPDATE SET payload = excluded.payload";

/// Columns of a whole claim, in the order `judged::claims` reads them.
macro_rules! claim_columns {
    ($rest:literal) => {
        concat!(
            "SELECT c.revision, c.payload, x.payload FROM revisions r JOIN claims c ON c.revision = r.seq",
            " LEFT JOIN contexts x ON x.revision = r.seq ",
            $rest
        )
    };
}

pub(super) const CLAIMS_OF: &str = claim_columns!("WHERE r.id = ?1 ORDER BY c.place");
pub(super) const UNJUDGED_CLAIMS: &str = claim_columns!(
    "WHERE r.seq > ?1 AND r.superseded_at IS NULL AND r.is_gone = 0
       AND NOT EXISTS (SELECT 1 FROM bases b WHERE b.revision = c.revision AND b.place = c.place)
     ORDER BY r.seq, c.place"
);
pub(super) const CLAIM: &str = claim_columns!("WHERE c.id = ?1 ORDER BY c.revision DESC LIMIT 1");

// What verdicts rest on.

pub(super) const PUT_BASIS: &str = "
INSERT INTO bases (revision, place, payload)
SELECT c.revision, c.place, ?3 FROM claims c JOIN revisions r ON r.seq = c.revision WHERE r.id = ?1 AND c.id = ?2
ON CONFLICT (revision, place) DO UPDATE SET payload = excluded.payload";
pub(super) const PUT_WHOLE_BASIS: &str = "
INSERT INTO bases (revision, place, payload) SELECT seq, -1, ?2 FROM revisions WHERE id = ?1
ON CONFLICT (revision, place) DO UPDATE SET payload = excluded.payload";
pub(super) const BASES_AFTER: &str = "
SELECT revision, place, payload FROM bases WHERE (revision, place) > (?1, ?2) ORDER BY revision, place LIMIT ?3";
pub(super) const DROP_BASIS: &str = "DELETE FROM bases WHERE revision = ?1 AND place = ?2";
pub(super) const DROP_BASES: &str = "DELETE FROM bases WHERE revision = ?1";
pub(super) const DROP_BASES_OF: &str =
    "DELETE FROM bases WHERE revision = (SELECT seq FROM revisions WHERE id = ?1)";
pub(super) const WEIGHED: &str = "SELECT place FROM weighed";
pub(super) const PUT_WEIGHED: &str = "UPDATE weighed SET place = ?1";
pub(super) const WAITING: &str = "SELECT revision FROM waiting WHERE until <= ?1 ORDER BY revision";
pub(super) const PUT_WAITING: &str = "
INSERT INTO waiting (revision, until) VALUES (?1, ?2)
ON CONFLICT (revision) DO UPDATE SET until = excluded.until";
pub(super) const DROP_WAITING: &str = "DELETE FROM waiting WHERE until <= ?1";

// Verdicts and cases.

pub(super) const ADD_VERDICT: &str =
    "INSERT INTO verdicts (claim, label, as_of, payload) VALUES (?1, ?2, ?3, ?4)";
pub(super) const RENEW_VERDICT: &str =
    "UPDATE verdicts SET as_of = ?2, payload = ?3 WHERE seq = ?1";
pub(super) const VERDICT: &str =
    "SELECT payload, seq FROM verdicts WHERE claim = ?1 ORDER BY seq DESC LIMIT 1";
pub(super) const VERDICTS: &str = "SELECT payload FROM verdicts WHERE claim = ?1 ORDER BY seq";

/// Standing claims with their newest verdicts; the columns of a claim first.
macro_rules! finding_columns {
    ($rest:literal) => {
        concat!(
            "SELECT c.revision, c.payload, x.payload, v.payload",
            " FROM revisions r JOIN claims c ON c.revision = r.seq JOIN verdicts v ON v.claim = c.id",
            " LEFT JOIN contexts x ON x.revision = r.seq",
            " WHERE r.superseded_at IS NULL AND r.is_gone = 0",
            " AND v.seq = (SELECT MAX(w.seq) FROM verdicts w WHERE w.claim = c.id) ",
            $rest
        )
    };
}

pub(super) const FINDINGS: &str = finding_columns!("ORDER BY r.url, c.place");
pub(super) const FINDINGS_WITH: &str = finding_columns!("AND v.label = ?1 ORDER BY r.url, c.place");
pub(super) const FINDINGS_OF: &str = finding_columns!("AND r.url = ?1 ORDER BY c.place");
pub(super) const FINDINGS_QUOTING: &str = finding_columns!(
    "AND v.seq IN (SELECT q.verdict FROM quoted q WHERE q.url = ?1) ORDER BY r.url, c.place LIMIT ?2"
);
pub(super) const ADD_QUOTED: &str =
    "INSERT INTO quoted (url, verdict) VALUES (?1, ?2) ON CONFLICT (url, verdict) DO NOTHING";
pub(super) const ALL_VERDICTS: &str = "SELECT seq, payload FROM verdicts ORDER BY seq";
pub(super) const REVISIONS_WITH: &str = "
SELECT DISTINCT r.id
FROM revisions r JOIN claims c ON c.revision = r.seq JOIN verdicts v ON v.claim = c.id
WHERE r.superseded_at IS NULL AND r.is_gone = 0 AND v.label = ?1
  AND v.seq = (SELECT MAX(w.seq) FROM verdicts w WHERE w.claim = c.id)
ORDER BY r.id";
pub(super) const CLAIMS_WITH: &str = "
SELECT DISTINCT c.id
FROM revisions r JOIN claims c ON c.revision = r.seq JOIN verdicts v ON v.claim = c.id
WHERE r.superseded_at IS NULL AND r.is_gone = 0 AND v.label = ?1
  AND v.seq = (SELECT MAX(w.seq) FROM verdicts w WHERE w.claim = c.id)
ORDER BY c.id";
pub(super) const LABELS: &str = "
SELECT v.label, COUNT(*)
FROM revisions r JOIN claims c ON c.revision = r.seq JOIN verdicts v ON v.claim = c.id
WHERE r.superseded_at IS NULL AND r.is_gone = 0
  AND v.seq = (SELECT MAX(w.seq) FROM verdicts w WHERE w.claim = c.id)
GROUP BY v.label ORDER BY v.label";
pub(super) const PUT_CASE: &str = "
INSERT INTO cases (id, state, opened_at, payload, version) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (id) DO UPDATE SET state = excluded.state, opened_at = excluded.opened_at, payload = excluded.payload,
  version = excluded.version";
pub(super) const PUT_SOURCE: &str = "
INSERT INTO sources (id, payload) VALUES (?1, ?2)
ON CONFLICT (id) DO UPDATE SET payload = excluded.payload";
pub(super) const SOURCES: &str = "SELECT payload FROM sources ORDER BY id";
pub(super) const CASES: &str = "SELECT payload FROM cases ORDER BY id";
pub(super) const CASE: &str = "SELECT payload FROM cases WHERE id = ?1";
pub(super) const COUNTS: &str = "
SELECT
  (SELECT COUNT(*) FROM captures),
  (SELECT COUNT(DISTINCT url) FROM revisions),
  (SELECT COUNT(*) FROM revisions),
  (SELECT COUNT(*) FROM observations o JOIN revisions r ON r.seq = o.revision
    WHERE r.superseded_at IS NULL AND r.is_gone = 0),
  (SELECT COUNT(*) FROM claims c JOIN revisions r ON r.seq = c.revision
    WHERE r.superseded_at IS NULL AND r.is_gone = 0),
  (SELECT COUNT(*) FROM cases)";
