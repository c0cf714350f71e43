CREATE TABLE staff (
	id         TEXT    PRIMARY KEY, -- ULID
	login      TEXT    NOT NULL UNIQUE,
	name       TEXT    NOT NULL,
	role       TEXT    NOT NULL,
	scope      BYTEA   NOT NULL, -- staff.Scope as JSON
	province   BOOLEAN NOT NULL, -- as in scope, to look for
	off        BOOLEAN NOT NULL,
	password   TEXT    NOT NULL, -- argon2id; '': not set yet
	secret     TEXT    NOT NULL, -- of one-time codes; '': none
	step       BIGINT  NOT NULL, -- of the last one-time code that was used
	channel    TEXT    NOT NULL, -- their own chat; '': none
	contact    TEXT    NOT NULL,
	created_at BIGINT  NOT NULL,
	updated_at BIGINT  NOT NULL
);
CREATE UNIQUE INDEX staff_contact ON staff (channel, contact) WHERE channel <> '';

CREATE TABLE staff_link (
	hash  BYTEA  PRIMARY KEY, -- SHA-256 of the token
	staff TEXT   NOT NULL,    -- '': makes the first administrator
	ends  BIGINT NOT NULL
);

CREATE TABLE staff_session (
	hash    BYTEA  PRIMARY KEY, -- SHA-256 of the token
	id      TEXT   NOT NULL UNIQUE,
	staff   TEXT   NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
	agent   TEXT   NOT NULL,
	address TEXT   NOT NULL,
	began   BIGINT NOT NULL,
	seen    BIGINT NOT NULL,
	ends    BIGINT NOT NULL
);
CREATE INDEX staff_session_staff ON staff_session (staff);

CREATE TABLE staff_try (
	id   TEXT   NOT NULL,
	what TEXT   NOT NULL,
	at   BIGINT NOT NULL,
	PRIMARY KEY (what, at, id)
);
CREATE INDEX staff_try_id ON staff_try (id);

CREATE TABLE staff_code (
	code  BYTEA  PRIMARY KEY, -- HMAC-SHA-256 with the installation's secret
	staff TEXT   NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
	ends  BIGINT NOT NULL
);

CREATE TABLE audit (
	id     TEXT   PRIMARY KEY, -- ULID: the order
	at     BIGINT NOT NULL,
	staff  TEXT   NOT NULL,
	name   TEXT   NOT NULL,
	did    TEXT   NOT NULL,
	about  TEXT   NOT NULL,
	detail TEXT   NOT NULL
);
CREATE INDEX audit_staff ON audit (staff, id);
CREATE INDEX audit_about ON audit (about, id);
