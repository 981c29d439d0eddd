BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE article_events (
	id VARCHAR(100) NOT NULL, 
	at DATETIME NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	article_id VARCHAR(500) NOT NULL, 
	decision_id VARCHAR(32), 
	search_id VARCHAR(32), 
	session_id VARCHAR(32), 
	token_id VARCHAR(16), 
	learnt_at DATETIME, 
	CONSTRAINT pk_article_events PRIMARY KEY (id)
);
INSERT INTO "article_events" VALUES('2bdfed1132fdbb291137f9802e8c7053','2026-11-30 13:45:44.723897','opened','charge','00000000000000000000000000000001',NULL,NULL,NULL,NULL);
CREATE TABLE audit (
	id VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	actor VARCHAR(200) NOT NULL, 
	action VARCHAR(60) NOT NULL, 
	target VARCHAR(500) NOT NULL, 
	details JSON NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (id)
);
INSERT INTO "audit" VALUES('01a22cb451d1f1b905733a4ba261b840','2026-11-30 13:45:44.657766','service','promise.step_down','category','{"bundle_id": "b1", "judged": 3, "wrong": 2, "promised": 0.05}');
INSERT INTO "audit" VALUES('01a22cb451e1905cd5680024caf1bbd5','2026-11-30 13:45:44.673296','cli:ann','promise.lift','category','{"bundle_id": "b1"}');
INSERT INTO "audit" VALUES('01a22cb451e91abf7afa88867249618b','2026-11-30 13:45:44.681172','service','promise.step_down','category','{"bundle_id": "b1", "judged": 9, "wrong": 4, "promised": 0.05}');
INSERT INTO "audit" VALUES('01a22cb4521cd44de8b58692a2700f2b','2026-11-30 13:45:44.732571','cli:ann','token.create','8b07a00b51a8','{"name": "panel", "scopes": ["agent"]}');
CREATE TABLE decision_fields (
	decision_id VARCHAR(32) NOT NULL, 
	field VARCHAR(200) NOT NULL, 
	value JSON NOT NULL, 
	confidence FLOAT NOT NULL, 
	action VARCHAR(10) NOT NULL, 
	model_action VARCHAR(10) NOT NULL, 
	threshold FLOAT, 
	alternatives JSON NOT NULL, 
	reasons JSON NOT NULL, 
	CONSTRAINT pk_decision_fields PRIMARY KEY (decision_id, field), 
	CONSTRAINT fk_decision_fields_decision_id FOREIGN KEY(decision_id) REFERENCES decisions (id) ON DELETE CASCADE
);
INSERT INTO "decision_fields" VALUES('00000000000000000000000000000001','category','"battery"',0.97,'abstain','apply',0.9,'[{"value": "battery", "confidence": 0.97}]','[{"kind": "threshold", "text": "97.0% sure"}]');
INSERT INTO "decision_fields" VALUES('00000000000000000000000000000001','team','"repairs"',0.8,'suggest','suggest',0.9,'[]','[]');
INSERT INTO "decision_fields" VALUES('00000000000000000000000000000002','category','"battery"',0.97,'abstain','apply',0.9,'[{"value": "battery", "confidence": 0.97}]','[{"kind": "threshold", "text": "97.0% sure"}]');
INSERT INTO "decision_fields" VALUES('00000000000000000000000000000002','team','"repairs"',0.8,'suggest','suggest',0.9,'[]','[]');
INSERT INTO "decision_fields" VALUES('00000000000000000000000000000003','category','"battery"',0.97,'apply','apply',0.9,'[{"value": "battery", "confidence": 0.97}]','[{"kind": "threshold", "text": "97.0% sure"}]');
INSERT INTO "decision_fields" VALUES('00000000000000000000000000000003','team','"repairs"',0.8,'suggest','suggest',0.9,'[]','[]');
INSERT INTO "decision_fields" VALUES('00000000000000000000000000000004','category','"battery"',0.97,'abstain','apply',0.9,'[{"value": "battery", "confidence": 0.97}]','[{"kind": "threshold", "text": "97.0% sure"}]');
INSERT INTO "decision_fields" VALUES('00000000000000000000000000000004','team','"repairs"',0.8,'suggest','suggest',0.9,'[]','[]');
INSERT INTO "decision_fields" VALUES('00000000000000000000000000000005','category','"battery"',0.97,'apply','apply',0.9,'[{"value": "battery", "confidence": 0.97}]','[{"kind": "threshold", "text": "97.0% sure"}]');
INSERT INTO "decision_fields" VALUES('00000000000000000000000000000005','team','"repairs"',0.8,'suggest','suggest',0.9,'[]','[]');
CREATE TABLE decisions (
	id VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	ticket_id VARCHAR(200) NOT NULL, 
	requester VARCHAR(64), 
	token_id VARCHAR(16), 
	source VARCHAR(40) NOT NULL, 
	language VARCHAR(20) NOT NULL, 
	text TEXT, 
	novelty FLOAT NOT NULL, 
	is_novel BOOLEAN NOT NULL, 
	is_blind BOOLEAN NOT NULL, 
	bundle_id VARCHAR(100), 
	index_id VARCHAR(100), 
	rules_id VARCHAR(64), 
	rules JSON NOT NULL, 
	sla JSON, 
	articles JSON NOT NULL, 
	CONSTRAINT pk_decisions PRIMARY KEY (id)
);
INSERT INTO "decisions" VALUES('00000000000000000000000000000001','2026-03-02 09:00:00.000000','t1','c48c044f1ee71ac099dd6dbcfd7e7e00deed52c3a5daf36abdd60e785f2ede08',NULL,'triage','fi','ticket 1',0.1,0,1,'b1','i1','r1','["vip"]','null','[{"id": "charge", "confidence": 0.9}]');
INSERT INTO "decisions" VALUES('00000000000000000000000000000002','2026-03-02 09:00:00.000000','t2','c48c044f1ee71ac099dd6dbcfd7e7e00deed52c3a5daf36abdd60e785f2ede08',NULL,'triage','fi','ticket 2',0.1,0,1,'b1','i1','r1','["vip"]','null','[{"id": "charge", "confidence": 0.9}]');
INSERT INTO "decisions" VALUES('00000000000000000000000000000003','2026-03-02 09:00:00.000000','t3','c48c044f1ee71ac099dd6dbcfd7e7e00deed52c3a5daf36abdd60e785f2ede08',NULL,'triage','fi','ticket 3',0.1,0,0,'b1','i1','r1','["vip"]','null','[{"id": "charge", "confidence": 0.9}]');
INSERT INTO "decisions" VALUES('00000000000000000000000000000004','2026-03-10 09:00:00.000000','t4','c48c044f1ee71ac099dd6dbcfd7e7e00deed52c3a5daf36abdd60e785f2ede08',NULL,'triage','fi','ticket 4',0.1,0,1,'b1','i1','r1','["vip"]','null','[{"id": "charge", "confidence": 0.9}]');
INSERT INTO "decisions" VALUES('00000000000000000000000000000005','2026-03-10 09:00:00.000000','t5','c48c044f1ee71ac099dd6dbcfd7e7e00deed52c3a5daf36abdd60e785f2ede08',NULL,'triage','fi','ticket 5',0.1,0,0,'b1','i1','r1','["vip"]','null','[{"id": "charge", "confidence": 0.9}]');
CREATE TABLE deliveries (
	id VARCHAR(32) NOT NULL, 
	connector VARCHAR(100) NOT NULL, 
	delivery_id VARCHAR(200) NOT NULL, 
	received_at DATETIME NOT NULL, 
	signed_at DATETIME NOT NULL, 
	body_hash VARCHAR(64) NOT NULL, 
	ticket_id VARCHAR(200) NOT NULL, 
	as_of DATETIME NOT NULL, 
	requester VARCHAR(64), 
	callback_url TEXT, 
	payload TEXT, 
	state VARCHAR(10) NOT NULL, 
	attempts INTEGER NOT NULL, 
	next_at DATETIME NOT NULL, 
	claimed_until DATETIME, 
	decision_id VARCHAR(32), 
	result TEXT, 
	error TEXT, 
	CONSTRAINT pk_deliveries PRIMARY KEY (id), 
	CONSTRAINT uq_deliveries_connector UNIQUE (connector, delivery_id), 
	CONSTRAINT uq_deliveries_body_hash UNIQUE (body_hash, connector, signed_at)
);
INSERT INTO "deliveries" VALUES('01a22cb4520c8d2cd247d1505f22ced3','desk','d1','2026-11-30 13:45:44.716048','2026-03-02 09:00:00.000000','0000000000000000000000000000000000000000000000000000000000000000','t1','2026-03-02 09:00:00.000000',NULL,NULL,'{"body": "x"}','received',0,'2026-11-30 13:45:44.716048',NULL,NULL,NULL,NULL);
CREATE TABLE feedback (
	id VARCHAR(100) NOT NULL, 
	at DATETIME NOT NULL, 
	decision_id VARCHAR(32) NOT NULL, 
	token_id VARCHAR(16), 
	final JSON NOT NULL, 
	CONSTRAINT pk_feedback PRIMARY KEY (id), 
	CONSTRAINT fk_feedback_decision_id FOREIGN KEY(decision_id) REFERENCES decisions (id) ON DELETE CASCADE
);
INSERT INTO "feedback" VALUES('01a22cb451ad39a5a7aa7f5c311d2d1a','2026-11-30 13:45:44.620051','00000000000000000000000000000001',NULL,'{"category": "battery"}');
INSERT INTO "feedback" VALUES('01a22cb451b85e7de41ac1310dde7a56','2026-11-30 13:45:44.632099','00000000000000000000000000000002',NULL,'{"category": "screen"}');
INSERT INTO "feedback" VALUES('01a22cb451bc51f7fe4e5df68813d593','2026-11-30 13:45:44.636037','00000000000000000000000000000003',NULL,'{"category": "screen"}');
INSERT INTO "feedback" VALUES('01a22cb451c40e538c7ff960b7a9c2b3','2026-11-30 13:45:44.644148','00000000000000000000000000000004',NULL,'{"category": "battery"}');
CREATE TABLE outcomes (
	decision_id VARCHAR(32) NOT NULL, 
	field VARCHAR(200) NOT NULL, 
	final JSON NOT NULL, 
	is_right BOOLEAN NOT NULL, 
	at DATETIME NOT NULL, 
	feedback_id VARCHAR(100) NOT NULL, 
	CONSTRAINT pk_outcomes PRIMARY KEY (decision_id, field), 
	CONSTRAINT fk_outcomes_decision_id FOREIGN KEY(decision_id) REFERENCES decisions (id) ON DELETE CASCADE
);
INSERT INTO "outcomes" VALUES('00000000000000000000000000000001','category','"battery"',1,'2026-11-30 13:45:44.620051','01a22cb451ad39a5a7aa7f5c311d2d1a');
INSERT INTO "outcomes" VALUES('00000000000000000000000000000002','category','"screen"',0,'2026-11-30 13:45:44.632099','01a22cb451b85e7de41ac1310dde7a56');
INSERT INTO "outcomes" VALUES('00000000000000000000000000000003','category','"screen"',0,'2026-11-30 13:45:44.636037','01a22cb451bc51f7fe4e5df68813d593');
INSERT INTO "outcomes" VALUES('00000000000000000000000000000004','category','"battery"',1,'2026-11-30 13:45:44.644148','01a22cb451c40e538c7ff960b7a9c2b3');
CREATE TABLE searches (
	id VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	kind VARCHAR(10) NOT NULL, 
	language VARCHAR(20) NOT NULL, 
	text TEXT, 
	session_id VARCHAR(32), 
	best FLOAT NOT NULL, 
	found JSON NOT NULL, 
	is_answered BOOLEAN NOT NULL, 
	vain VARCHAR(200), 
	CONSTRAINT pk_searches PRIMARY KEY (id)
);
INSERT INTO "searches" VALUES('00000000000000000000000000000065','2026-03-02 09:00:00.000000','deflect','fi','Akku','01a22cb451f0ff345ed69a4cb0a83af8',0.3,'[{"id": "charge", "confidence": 0.9}]',0,NULL);
INSERT INTO "searches" VALUES('00000000000000000000000000000066','2026-03-02 09:00:00.000000','deflect','fi','Akku ei lataudu!','01a22cb451f0ff345ed69a4cb0a83af8',0.3,'[{"id": "charge", "confidence": 0.9}]',0,'akku ei lataudu');
INSERT INTO "searches" VALUES('00000000000000000000000000000067','2026-03-02 09:00:00.000000','deflect','fi','akku ei  lataudu',NULL,0.3,'[{"id": "charge", "confidence": 0.9}]',0,'akku ei lataudu');
INSERT INTO "searches" VALUES('00000000000000000000000000000068','2026-03-02 09:00:00.000000','deflect','fi','how to charge','01a22cb451f0ac58675d7c2bc3c8a80e',0.3,'[{"id": "charge", "confidence": 0.9}]',1,NULL);
CREATE TABLE session_tallies (
	week DATE NOT NULL, 
	language VARCHAR(20) NOT NULL, 
	is_control BOOLEAN NOT NULL, 
	sessions INTEGER NOT NULL, 
	submitted INTEGER NOT NULL, 
	CONSTRAINT pk_session_tallies PRIMARY KEY (week, language, is_control)
);
INSERT INTO "session_tallies" VALUES('2026-03-02','fi',1,1,1);
CREATE TABLE sessions (
	id VARCHAR(32) NOT NULL, 
	started_at DATETIME NOT NULL, 
	token_id VARCHAR(16), 
	language VARCHAR(20) NOT NULL, 
	is_control BOOLEAN NOT NULL, 
	was_answerable BOOLEAN NOT NULL, 
	outcome VARCHAR(12), 
	ended_at DATETIME, 
	CONSTRAINT pk_sessions PRIMARY KEY (id)
);
INSERT INTO "sessions" VALUES('01a22cb451f0ff345ed69a4cb0a83af8','2026-03-02 09:00:00.000000',NULL,'fi',0,0,NULL,NULL);
INSERT INTO "sessions" VALUES('01a22cb451f0ac58675d7c2bc3c8a80e','2026-03-02 09:00:00.000000',NULL,'fi',1,1,'submitted','2026-11-30 13:45:44.708559');
CREATE TABLE step_downs (
	id VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	field VARCHAR(200) NOT NULL, 
	bundle_id VARCHAR(100) NOT NULL, 
	judged INTEGER NOT NULL, 
	wrong INTEGER NOT NULL, 
	promised FLOAT NOT NULL, 
	lifted_at DATETIME, 
	lifted_by VARCHAR(200), 
	CONSTRAINT pk_step_downs PRIMARY KEY (id)
);
INSERT INTO "step_downs" VALUES('b9d8175261d6e5cee381f5384619fb5b','2026-03-03 09:00:00.000000','category','b1',3,2,0.05,'2026-03-03 10:00:00.000000','cli:ann');
INSERT INTO "step_downs" VALUES('988375d12c725500d98b87b202cf7115','2026-03-04 09:00:00.000000','category','b1',9,4,0.05,NULL,NULL);
CREATE TABLE tallies (
	week DATE NOT NULL, 
	field VARCHAR(200) NOT NULL, 
	language VARCHAR(20) NOT NULL, 
	segment VARCHAR(200) NOT NULL, 
	action VARCHAR(10) NOT NULL, 
	bundle_id VARCHAR(100) NOT NULL, 
	decided INTEGER NOT NULL, 
	judged INTEGER NOT NULL, 
	"right" INTEGER NOT NULL, 
	blind_judged INTEGER NOT NULL, 
	blind_right INTEGER NOT NULL, applied INTEGER DEFAULT '0' NOT NULL, corrected INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_tallies PRIMARY KEY (week, field, language, segment, action, bundle_id)
);
INSERT INTO "tallies" VALUES('2026-03-02','','fi','repairs','apply','b1',1,0,0,0,0,0,0);
INSERT INTO "tallies" VALUES('2026-03-02','','fi','repairs','suggest','b1',2,0,0,0,0,0,0);
INSERT INTO "tallies" VALUES('2026-03-02','category','fi','repairs','abstain','b1',2,2,1,2,1,0,0);
INSERT INTO "tallies" VALUES('2026-03-02','category','fi','repairs','apply','b1',1,1,0,0,0,1,1);
INSERT INTO "tallies" VALUES('2026-03-02','team','fi','repairs','suggest','b1',3,0,0,0,0,0,0);
INSERT INTO "tallies" VALUES('2026-03-09','','fi','repairs','apply','b1',1,0,0,0,0,0,0);
INSERT INTO "tallies" VALUES('2026-03-09','','fi','repairs','suggest','b1',1,0,0,0,0,0,0);
INSERT INTO "tallies" VALUES('2026-03-09','category','fi','repairs','abstain','b1',1,1,1,1,1,0,0);
INSERT INTO "tallies" VALUES('2026-03-09','category','fi','repairs','apply','b1',1,0,0,0,0,1,0);
INSERT INTO "tallies" VALUES('2026-03-09','team','fi','repairs','suggest','b1',2,0,0,0,0,0,0);
CREATE TABLE tokens (
	id VARCHAR(16) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	previous_hash VARCHAR(64), 
	previous_until DATETIME, 
	scopes JSON NOT NULL, 
	origins JSON NOT NULL, 
	per_minute INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME, 
	revoked_at DATETIME, 
	last_used_at DATETIME, 
	CONSTRAINT pk_tokens PRIMARY KEY (id), 
	CONSTRAINT uq_tokens_hash UNIQUE (hash)
);
INSERT INTO "tokens" VALUES('8b07a00b51a8','panel','9bf7f593e35607ee2caec9522d3032b60ddebcd06cbc53580aadfa1db0942a94',NULL,NULL,'["agent"]','[]',6000,'2026-11-30 13:45:44.731636',NULL,NULL,NULL);
CREATE INDEX ix_article_events_article_id ON article_events (article_id);
CREATE INDEX ix_article_events_at ON article_events (at);
CREATE INDEX ix_article_events_learnt_at ON article_events (learnt_at);
CREATE INDEX ix_audit_at ON audit (at);
CREATE INDEX ix_decisions_at ON decisions (at);
CREATE INDEX ix_decisions_requester ON decisions (requester);
CREATE INDEX ix_decisions_ticket_id ON decisions (ticket_id);
CREATE INDEX ix_deliveries_due ON deliveries (state, next_at);
CREATE INDEX ix_deliveries_ticket ON deliveries (connector, ticket_id, as_of);
CREATE INDEX ix_deliveries_requester ON deliveries (requester);
CREATE INDEX ix_deliveries_received_at ON deliveries (received_at);
CREATE INDEX ix_searches_vain ON searches (at, language, vain, id) WHERE vain IS NOT NULL;
CREATE INDEX ix_searches_at ON searches (at);
CREATE INDEX ix_searches_session_id ON searches (session_id);
CREATE INDEX ix_sessions_counted ON sessions (was_answerable, started_at, language, is_control, outcome);
CREATE INDEX ix_sessions_started_at ON sessions (started_at);
CREATE INDEX ix_step_downs_field ON step_downs (field, bundle_id);
CREATE INDEX ix_feedback_at ON feedback (at);
CREATE INDEX ix_feedback_decision_id ON feedback (decision_id);
CREATE INDEX ix_tallies_bundle_id ON tallies (bundle_id, field);
COMMIT;
