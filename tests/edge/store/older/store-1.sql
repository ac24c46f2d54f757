-- A store as schema 1 has it. Never changed: later versions must read it.
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE changes (
        number INTEGER PRIMARY KEY AUTOINCREMENT CHECK (number > 0),
        at_us INTEGER NOT NULL CHECK (at_us BETWEEN -62135596800000000 AND 253402300799999999),
        camera TEXT NOT NULL CHECK (length(camera) BETWEEN 1 AND 40 AND camera NOT GLOB '*[^a-z0-9_-]*'),
        key TEXT NOT NULL,
        value TEXT NOT NULL CHECK (json_valid(value)),
        who TEXT NOT NULL
    ) STRICT;
INSERT INTO "changes" VALUES(1,1796026502125000,'door','sensitivity','2.0','admin');
CREATE TABLE events (
        number INTEGER PRIMARY KEY AUTOINCREMENT CHECK (number > 0),
        camera TEXT NOT NULL CHECK (length(camera) BETWEEN 1 AND 40 AND camera NOT GLOB '*[^a-z0-9_-]*'),
        kind TEXT NOT NULL CHECK (kind GLOB '[a-z]*' AND kind NOT GLOB '*[^a-z_]*'),
        state TEXT NOT NULL CHECK (state IN ('open', 'closed', 'lost')),
        start_us INTEGER NOT NULL CHECK (start_us BETWEEN -62135596800000000 AND 253402300799999999),
        end_us INTEGER CHECK (end_us BETWEEN -62135596800000000 AND 253402300799999999 AND end_us >= start_us),
        last_us INTEGER NOT NULL CHECK (last_us BETWEEN -62135596800000000 AND 253402300799999999 AND last_us >= start_us),
        zone TEXT NOT NULL,
        label TEXT NOT NULL,
        score REAL,
        why TEXT NOT NULL,
        details TEXT NOT NULL CHECK (json_valid(details) AND json_type(details) = 'object'),
        recording TEXT,
        recording_start_us INTEGER CHECK (recording_start_us BETWEEN -62135596800000000 AND 253402300799999999),
        snapshot TEXT,
        is_locked INTEGER NOT NULL DEFAULT 0 CHECK (is_locked IN (0, 1)),
        telling TEXT NOT NULL DEFAULT 'due' CHECK (telling IN ('due', 'begun', 'muted')),
        boot INTEGER NOT NULL,
        noted_us INTEGER NOT NULL CHECK (noted_us BETWEEN -62135596800000000 AND 253402300799999999),
        CHECK ((state = 'open') = (end_us IS NULL))
    ) STRICT;
INSERT INTO "events" VALUES(1,'door','motion','closed',1796026502125000,1796026511125000,1796026511125000,'path','walk',0.75,'','{"box":[1,2,3,4]}','door/2026-11-30/door_20261130T081502.125Z_000.mp4',1796026502125000,NULL,1,'due',1,1796026502125000);
INSERT INTO "events" VALUES(2,'gate','outage','open',1796026502125000,NULL,1796026502125000,'all','motion',NULL,'gone','{}',NULL,NULL,NULL,0,'due',1,1796026502125000);
CREATE TABLE files (
        number INTEGER PRIMARY KEY AUTOINCREMENT CHECK (number > 0),
        path TEXT NOT NULL UNIQUE,
        camera TEXT NOT NULL CHECK (length(camera) BETWEEN 1 AND 40 AND camera NOT GLOB '*[^a-z0-9_-]*'),
        start_us INTEGER NOT NULL CHECK (start_us BETWEEN -62135596800000000 AND 253402300799999999),
        end_us INTEGER CHECK (end_us BETWEEN -62135596800000000 AND 253402300799999999),
        size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
        is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
        boot INTEGER NOT NULL,
        noted_us INTEGER NOT NULL CHECK (noted_us BETWEEN -62135596800000000 AND 253402300799999999)
    ) STRICT;
INSERT INTO "files" VALUES(1,'door/2026-11-30/door_20261130T081502.125Z_000.mp4','door',1796026502125000,NULL,1,0,1,1796026502125000);
CREATE TABLE holds (
        path TEXT NOT NULL,
        event INTEGER NOT NULL REFERENCES events (number) ON DELETE CASCADE,
        PRIMARY KEY (path, event)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "holds" VALUES('door/2026-11-30/door_20261130T081502.125Z_000.mp4',1);
CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "meta" VALUES('boots','1');
INSERT INTO "meta" VALUES('schema','1');
CREATE TABLE outbox (
        number INTEGER PRIMARY KEY AUTOINCREMENT CHECK (number > 0),
        event INTEGER NOT NULL,
        change TEXT NOT NULL CHECK (change IN ('new', 'update', 'end')),
        topic TEXT NOT NULL,
        payload BLOB NOT NULL,
        qos INTEGER NOT NULL CHECK (qos IN (0, 1, 2)),
        retain INTEGER NOT NULL CHECK (retain IN (0, 1))
    ) STRICT;
INSERT INTO "outbox" VALUES(1,1,'new','house/door',X'6F6E65',1,0);
INSERT INTO "outbox" VALUES(2,1,'end','house/door',X'74776F',2,1);
CREATE TABLE outbox_size (messages INTEGER NOT NULL, bytes INTEGER NOT NULL, dropped INTEGER NOT NULL) STRICT;
INSERT INTO "outbox_size" VALUES(2,26,0);
CREATE INDEX events_of_camera ON events (camera, number);
CREATE INDEX events_open ON events (number) WHERE state = 'open';
CREATE INDEX files_open ON files (number) WHERE is_open;
CREATE INDEX holds_of_event ON holds (event);
CREATE INDEX changes_of_key ON changes (camera, key, number);
CREATE INDEX outbox_of_event ON outbox (event);
CREATE INDEX outbox_updates ON outbox (number) WHERE change = 'update';
CREATE TRIGGER outbox_more AFTER INSERT ON outbox BEGIN
        UPDATE outbox_size SET messages = messages + 1,
            bytes = bytes + length(new.topic) + length(new.payload);
    END;
CREATE TRIGGER outbox_less AFTER DELETE ON outbox BEGIN
        UPDATE outbox_size SET messages = messages - 1,
            bytes = bytes - length(old.topic) - length(old.payload);
    END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('events',2);
INSERT INTO "sqlite_sequence" VALUES('outbox',2);
INSERT INTO "sqlite_sequence" VALUES('files',1);
INSERT INTO "sqlite_sequence" VALUES('changes',1);
COMMIT;
