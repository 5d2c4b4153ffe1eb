BEGIN TRANSACTION;
CREATE TABLE admins (
	name TEXT NOT NULL,
	password_hash TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_admins PRIMARY KEY (name)
);
INSERT INTO "admins" VALUES('ada','not a hash',1772632800000000);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0007');
CREATE TABLE aliases (
	url TEXT NOT NULL,
	entry_id INTEGER NOT NULL,
	CONSTRAINT pk_aliases PRIMARY KEY (url),
	CONSTRAINT fk_aliases_entry_id FOREIGN KEY(entry_id) REFERENCES entries (id) ON DELETE CASCADE
);
INSERT INTO "aliases" VALUES('https://news.example/releases/4.html',1);
INSERT INTO "aliases" VALUES('https://news.example/releases/3.html',2);
INSERT INTO "aliases" VALUES('https://news.example/releases/2.html',3);
INSERT INTO "aliases" VALUES('https://news.example/releases/1.html',4);
INSERT INTO "aliases" VALUES('https://news.example/releases/5.html',5);
CREATE TABLE archives (
	feed_id INTEGER NOT NULL,
	number INTEGER NOT NULL,
	version INTEGER NOT NULL,
	CONSTRAINT pk_archives PRIMARY KEY (feed_id, number),
	CONSTRAINT fk_archives_feed_id FOREIGN KEY(feed_id) REFERENCES feeds (id) ON DELETE CASCADE
);
CREATE TABLE asked_renderings (
	name TEXT NOT NULL,
	asked_at BIGINT NOT NULL,
	CONSTRAINT pk_asked_renderings PRIMARY KEY (name)
);
CREATE TABLE categories (
	path TEXT NOT NULL,
	title TEXT NOT NULL,
	description TEXT NOT NULL,
	language TEXT,
	image TEXT,
	rights TEXT,
	author TEXT,
	content TEXT,
	is_declared BOOLEAN NOT NULL,
	made_by TEXT,
	position INTEGER NOT NULL,
	CONSTRAINT pk_categories PRIMARY KEY (path)
);
INSERT INTO "categories" VALUES('company','company','',NULL,NULL,NULL,NULL,NULL,0,NULL,1000000);
CREATE TABLE category_overrides (
	path TEXT NOT NULL,
	part TEXT NOT NULL,
	moved_to TEXT,
	CONSTRAINT pk_category_overrides PRIMARY KEY (path)
);
CREATE TABLE counters (
	name TEXT NOT NULL,
	value INTEGER NOT NULL,
	CONSTRAINT pk_counters PRIMARY KEY (name)
);
INSERT INTO "counters" VALUES('changes',8);
INSERT INTO "counters" VALUES('snapshots',2851);
CREATE TABLE deliveries (
	day TEXT NOT NULL,
	feed TEXT NOT NULL,
	format TEXT NOT NULL,
	status INTEGER NOT NULL,
	agent TEXT NOT NULL,
	requests INTEGER NOT NULL,
	subscribers INTEGER NOT NULL,
	CONSTRAINT pk_deliveries PRIMARY KEY (day, feed, format, status, agent)
);
CREATE TABLE entries (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	uuid TEXT NOT NULL,
	canonical_url TEXT NOT NULL,
	link TEXT NOT NULL,
	title TEXT NOT NULL,
	title_key TEXT NOT NULL,
	fingerprint TEXT NOT NULL,
	published BIGINT NOT NULL,
	published_precision TEXT NOT NULL,
	published_day TEXT NOT NULL,
	updated BIGINT NOT NULL,
	first_seen_at BIGINT NOT NULL,
	position INTEGER NOT NULL,
	source TEXT NOT NULL,
	sources TEXT NOT NULL,
	categories TEXT NOT NULL,
	fields TEXT NOT NULL,
	content TEXT NOT NULL,
	withdrawn_at BIGINT, hidden_at BIGINT, merged_into TEXT, filed_under TEXT,
	CONSTRAINT uq_entries_canonical_url UNIQUE (canonical_url),
	CONSTRAINT uq_entries_uuid UNIQUE (uuid)
);
INSERT INTO "entries" VALUES(1,'dc78a770-760c-5e03-99bc-e35fa6d9e8b0','https://news.example/releases/4.html','https://news.example/releases/4.html','Release 4 on the orchard and the harbour','release 4 on the orchard and the harbour','0ceef12e11a4d4bb1211732b16e4a3162034d377210205ba39b7c3ac4ccb27cc54ae240b63770d966394037e694ae2cb79d7c0047be9c1b87d233d51910c1c00',1769515200000000,'day','2026-01-27',1769515200000000,1772625600000000,0,'acme','["acme"]','{"acme":"company"}','{"language":"en","provenance":{"content":["trafilatura",0.9],"language":["text",0.4],"published":["text of span",0.7998999999999999],"title":["heading:h1",0.95]},"published":[1769515200000000,"day","2026-01-27"],"summary":"Release 4 on the orchard and the harbour: paragraph 0 tells of orchard and more. Release 4 on the orchard and the harbour: paragraph 1 tells of signal and more. Release 4 on the orchard and the harbour: paragraph 2 tells of meadow and more."}','<p>Release 4 on the orchard and the harbour: paragraph 0 tells of orchard and more.</p><p>Release 4 on the orchard and the harbour: paragraph 1 tells of signal and more.</p><p>Release 4 on the orchard and the harbour: paragraph 2 tells of meadow and more.</p><p>Release 4 on the orchard and the harbour: paragraph 3 tells of copper and more.</p>',NULL,NULL,NULL,NULL);
INSERT INTO "entries" VALUES(2,'bfbd5266-8a23-50f3-b811-b201db9d2cd5','https://news.example/releases/3.html','https://news.example/releases/3.html','Release 3 on the lantern and the harbour','release 3 on the lantern and the harbour','09b811b20ceef12e1211732b16e4a31639b7c3ac405399a642d5654a4ccb27cc52a8aefd5d742b3262ab41f3671cd72669510a677be9c1b87d233d51910c1c00',1769428800000000,'day','2026-01-26',1769428800000000,1772625600000000,1,'acme','["acme"]','{"acme":"company"}','{"language":"en","provenance":{"content":["trafilatura",0.9],"language":["text",0.4],"published":["text of span",0.7998999999999999],"title":["heading:h1",0.95]},"published":[1769428800000000,"day","2026-01-26"],"summary":"Release 3 on the lantern and the harbour: paragraph 0 tells of lantern and more. Release 3 on the lantern and the harbour: paragraph 1 tells of orchard and more. Release 3 on the lantern and the harbour: paragraph 2 tells of signal and more."}','<p>Release 3 on the lantern and the harbour: paragraph 0 tells of lantern and more.</p><p>Release 3 on the lantern and the harbour: paragraph 1 tells of orchard and more.</p><p>Release 3 on the lantern and the harbour: paragraph 2 tells of signal and more.</p><p>Release 3 on the lantern and the harbour: paragraph 3 tells of meadow and more.</p>',NULL,NULL,NULL,NULL);
INSERT INTO "entries" VALUES(3,'336af163-55b7-5685-b094-d91d63b6df06','https://news.example/releases/2.html','https://news.example/releases/2.html','Release 2 on the granite and the harbour, corrected','release 2 on the granite and the harbour corrected','013f392c09b811b20ad595160cf91672101be7b01211732b16e4a31617a4a0782481e024271072252c6b2d673d110cef3e47bbc542d5654a4c21bd17501742b3',1769342400000000,'day','2026-01-25',1772632800000000,1772625600000000,2,'acme','["acme"]','{"acme":"company"}','{"language":"en","provenance":{"content":["trafilatura",0.9],"language":["text",0.4],"published":["text of span",0.7998999999999999],"title":["heading:h1",0.95]},"published":[1769342400000000,"day","2026-01-25"],"summary":"Release 2 on the granite and the harbour, corrected: paragraph 0 tells of granite and more. Release 2 on the granite and the harbour, corrected: paragraph 1 tells of lantern and more. Release 2 on the granite and the harbour, corrected: paragraph 2 tells of orchard and more."}','<p>Release 2 on the granite and the harbour, corrected: paragraph 0 tells of granite and more.</p><p>Release 2 on the granite and the harbour, corrected: paragraph 1 tells of lantern and more.</p><p>Release 2 on the granite and the harbour, corrected: paragraph 2 tells of orchard and more.</p><p>Release 2 on the granite and the harbour, corrected: paragraph 3 tells of signal and more.</p>',NULL,NULL,NULL,NULL);
INSERT INTO "entries" VALUES(4,'4cc86db9-0fdd-51cf-97e3-3f235db462be','https://news.example/releases/1.html','https://news.example/releases/1.html','Release 1 on the engine and the harbour','release 1 on the engine and the harbour','09b811b20ceef12e1211732b16e4a3161752149f1d79797420153fb62b740d1a40dc914e42d5654a4ccb27cc56d5cc535a24089c5e9412f97be9c1b87d233d51',1769256000000000,'day','2026-01-24',1769256000000000,1772625600000000,3,'acme','["acme"]','{"acme":"company"}','{"language":"en","provenance":{"content":["trafilatura",0.9],"language":["text",0.4],"published":["text of span",0.7998999999999999],"title":["heading:h1",0.95]},"published":[1769256000000000,"day","2026-01-24"],"summary":"Release 1 on the engine and the harbour: paragraph 0 tells of engine and more. Release 1 on the engine and the harbour: paragraph 1 tells of granite and more. Release 1 on the engine and the harbour: paragraph 2 tells of lantern and more."}','<p>Release 1 on the engine and the harbour: paragraph 0 tells of engine and more.</p><p>Release 1 on the engine and the harbour: paragraph 1 tells of granite and more.</p><p>Release 1 on the engine and the harbour: paragraph 2 tells of lantern and more.</p><p>Release 1 on the engine and the harbour: paragraph 3 tells of orchard and more.</p>',1772632800000000,NULL,NULL,NULL);
INSERT INTO "entries" VALUES(5,'fd65504b-7de4-5ae1-a314-71f28ab91c2e','https://news.example/releases/5.html','https://news.example/releases/5.html','Release 5 on the signal and the harbour','release 5 on the signal and the harbour','018afe840ceef12e1211732b16e4a316210205ba2a4d9b8039b7c3ac4ccb27cc57254dfa6ddde04170629e867be9c1b87d233d518e6d3dd38e7f7213910c1c00',1769601600000000,'day','2026-01-28',1769601600000000,1772632800000000,0,'acme','["acme"]','{"acme":"company"}','{"language":"en","provenance":{"content":["trafilatura",0.9],"language":["text",0.4],"published":["text of span",0.7998999999999999],"title":["heading:h1",0.95]},"published":[1769601600000000,"day","2026-01-28"],"summary":"Release 5 on the signal and the harbour: paragraph 0 tells of signal and more. Release 5 on the signal and the harbour: paragraph 1 tells of meadow and more. Release 5 on the signal and the harbour: paragraph 2 tells of copper and more."}','<p>Release 5 on the signal and the harbour: paragraph 0 tells of signal and more.</p><p>Release 5 on the signal and the harbour: paragraph 1 tells of meadow and more.</p><p>Release 5 on the signal and the harbour: paragraph 2 tells of copper and more.</p><p>Release 5 on the signal and the harbour: paragraph 3 tells of violin and more.</p>',NULL,NULL,NULL,NULL);
CREATE TABLE feeds (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	kind TEXT NOT NULL,
	"key" TEXT NOT NULL,
	uuid TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	version INTEGER NOT NULL,
	updated BIGINT,
	archives INTEGER NOT NULL,
	gone_at BIGINT,
	moved_to TEXT,
	CONSTRAINT uq_feeds_kind_key UNIQUE (kind, "key"),
	CONSTRAINT uq_feeds_uuid UNIQUE (uuid)
);
INSERT INTO "feeds" VALUES(1,'all','','f045681e-8734-42fa-bffd-4807a70a8599',1772625600000000,8,NULL,0,NULL,NULL);
INSERT INTO "feeds" VALUES(2,'source','acme','9da06f9d-fa91-45b0-86f3-7967b0653b95',1772625600000000,8,NULL,0,NULL,NULL);
INSERT INTO "feeds" VALUES(3,'category','company','cc2dcea8-95a5-4d26-b390-1802b245b208',1772625600000000,8,NULL,0,NULL,NULL);
CREATE TABLE figures (
	name TEXT NOT NULL,
	labels TEXT NOT NULL,
	value FLOAT NOT NULL,
	CONSTRAINT pk_figures PRIMARY KEY (name, labels)
);
CREATE TABLE held_entries (
	name TEXT NOT NULL,
	etag TEXT NOT NULL,
	rendered_at BIGINT NOT NULL,
	entries TEXT NOT NULL,
	CONSTRAINT pk_held_entries PRIMARY KEY (name, etag)
);
CREATE TABLE leases (
	name TEXT NOT NULL,
	owner TEXT NOT NULL,
	expires_at BIGINT NOT NULL,
	CONSTRAINT pk_leases PRIMARY KEY (name)
);
CREATE TABLE listing_pages (
	source TEXT NOT NULL,
	url TEXT NOT NULL,
	etag TEXT,
	last_modified TEXT,
	fresh_until BIGINT,
	visited_at BIGINT NOT NULL, led_to TEXT,
	CONSTRAINT pk_listing_pages PRIMARY KEY (source, url)
);
INSERT INTO "listing_pages" VALUES('acme','https://news.example/releases/','"ba18a10ca0e39b97"',NULL,NULL,1772632800000000,NULL);
CREATE TABLE memberships (
	feed_id INTEGER NOT NULL,
	entry_id INTEGER NOT NULL,
	window_at BIGINT NOT NULL,
	archive INTEGER,
	is_withdrawn BOOLEAN NOT NULL,
	CONSTRAINT pk_memberships PRIMARY KEY (feed_id, entry_id),
	CONSTRAINT fk_memberships_entry_id FOREIGN KEY(entry_id) REFERENCES entries (id) ON DELETE CASCADE,
	CONSTRAINT fk_memberships_feed_id FOREIGN KEY(feed_id) REFERENCES feeds (id) ON DELETE CASCADE
);
INSERT INTO "memberships" VALUES(1,1,1769515200000000,NULL,0);
INSERT INTO "memberships" VALUES(2,1,1769515200000000,NULL,0);
INSERT INTO "memberships" VALUES(3,1,1769515200000000,NULL,0);
INSERT INTO "memberships" VALUES(1,2,1769428800000000,NULL,0);
INSERT INTO "memberships" VALUES(2,2,1769428800000000,NULL,0);
INSERT INTO "memberships" VALUES(3,2,1769428800000000,NULL,0);
INSERT INTO "memberships" VALUES(1,3,1769342400000000,NULL,0);
INSERT INTO "memberships" VALUES(2,3,1769342400000000,NULL,0);
INSERT INTO "memberships" VALUES(3,3,1769342400000000,NULL,0);
INSERT INTO "memberships" VALUES(1,4,1769256000000000,NULL,1);
INSERT INTO "memberships" VALUES(2,4,1769256000000000,NULL,1);
INSERT INTO "memberships" VALUES(3,4,1769256000000000,NULL,1);
INSERT INTO "memberships" VALUES(1,5,1772632800000000,NULL,0);
INSERT INTO "memberships" VALUES(2,5,1772632800000000,NULL,0);
INSERT INTO "memberships" VALUES(3,5,1772632800000000,NULL,0);
CREATE TABLE notices (
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	known TEXT NOT NULL,
	attempts INTEGER NOT NULL,
	retry_at BIGINT,
	failing_since BIGINT,
	CONSTRAINT pk_notices PRIMARY KEY (kind, name)
);
CREATE TABLE originals (
	entry_id INTEGER NOT NULL,
	raw_content BLOB NOT NULL,
	CONSTRAINT pk_originals PRIMARY KEY (entry_id),
	CONSTRAINT fk_originals_entry_id FOREIGN KEY(entry_id) REFERENCES entries (id) ON DELETE CASCADE
);
INSERT INTO "originals" VALUES(1,X'785EADCC410A83301046E1ABFC27A8AD76558287F006A39926859819268AD7AFB8096EC5E583C7E7B41F383115C61B92B14486D814C93C28FBA3F71865B50F948C8291463CB1704A05F23DDDB3183F5CA3BDBBC6BE2A5B7E2153BA456DAB3A3379D96E51BBAA4EA2CA7656FFE79C77A2');
INSERT INTO "originals" VALUES(2,X'785EADCC4D0A83301086E1ABCC09EC8F3B091EA237F86C46238C336192D2EB57DC04B7C5E50B2F4FC8E38B8551987A32A59A98045AD995A0F1E8049FECE303653816474E74A7CA22856C3EDD9B3977E196C7F01FFB68ACF97B1FE225ECB3B1655D147289DA37756344FB9ED51FA9DC784D');
INSERT INTO "originals" VALUES(3,X'785EADCD410EC2300C44D1ABCC011085B2ABA21E821B98C434958C1D39E1FE54DD445DD3E5487FF442999F2C4C9531C2142D3316275D1B8334ED3B93BFECEB174473E7D8384D28E4B47525E386C62215F63E1C3FE67C0D4399C3DFC2BD0B42DAD8F56C61EC8279DCDA74B6F0E8425D172539023FBE7288AA');
INSERT INTO "originals" VALUES(4,X'785EADCCC10D83301044D156A60212921BB228820E96306024B36B2D4EFF415C9C5C238E33FA7A21F7031365275A98A24482BAAC4A884EE78CE2A3BDBD431697C52547DC5198D20E9BBFE3CD9C4DB8E53EFC85B6153D0E5DCB25EAA3AA49B4D0F50AF55955F3D7114CBFEA07B7E476B2');
INSERT INTO "originals" VALUES(5,X'785EADCC410E82400C46E1ABFC270081B031130EC10DAA146692326D3AA8D7377133BA352C5FF2F2059B6616A6C218A119476494B46512505E3E19C96FFAF02B8C9C36278BB8E06091025DBFE75D9D9BD0DA14FE42BB8AEE4C8BBECE40FB8ADED58CFD0C74A8E833A9A4FC8BBE016BB275C0');
CREATE TABLE pending_items (
	source TEXT NOT NULL,
	url TEXT NOT NULL,
	item TEXT NOT NULL,
	position INTEGER NOT NULL,
	added_at BIGINT NOT NULL,
	attempts INTEGER NOT NULL,
	retry_at BIGINT,
	reason TEXT NOT NULL,
	CONSTRAINT pk_pending_items PRIMARY KEY (source, url)
);
CREATE TABLE quarantines (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	source TEXT NOT NULL,
	opened_at BIGINT NOT NULL,
	last_seen_at BIGINT NOT NULL,
	times INTEGER NOT NULL,
	reason TEXT NOT NULL,
	evidence TEXT NOT NULL,
	closed_at BIGINT,
	resolution TEXT
);
CREATE TABLE release_pages (
	entry_id INTEGER NOT NULL,
	source TEXT NOT NULL,
	url TEXT NOT NULL,
	item TEXT,
	etag TEXT,
	last_modified TEXT,
	checked_at BIGINT NOT NULL,
	checks INTEGER NOT NULL,
	check_at BIGINT,
	CONSTRAINT pk_release_pages PRIMARY KEY (entry_id),
	CONSTRAINT fk_release_pages_entry_id FOREIGN KEY(entry_id) REFERENCES entries (id) ON DELETE CASCADE
);
INSERT INTO "release_pages" VALUES(1,'acme','https://news.example/releases/4.html','{"published":[{"confidence":0.7998999999999999,"text":"2026-01-27","where":"text of span"}],"title":{"confidence":0.86,"text":"Release 4 on the orchard and the harbour","where":"link"},"url":"https://news.example/releases/4.html"}','"1578ef9ac89c734b"',NULL,1772632800000000,1,1772647200000000);
INSERT INTO "release_pages" VALUES(2,'acme','https://news.example/releases/3.html','{"position":1,"published":[{"confidence":0.7998999999999999,"text":"2026-01-26","where":"text of span"}],"title":{"confidence":0.86,"text":"Release 3 on the lantern and the harbour","where":"link"},"url":"https://news.example/releases/3.html"}','"fa5a952525b00695"',NULL,1772632800000000,1,1772647200000000);
INSERT INTO "release_pages" VALUES(3,'acme','https://news.example/releases/2.html','{"position":2,"published":[{"confidence":0.7998999999999999,"text":"2026-01-25","where":"text of span"}],"title":{"confidence":0.86,"text":"Release 2 on the granite and the harbour","where":"link"},"url":"https://news.example/releases/2.html"}','"ea49b7f2c951d7f4"',NULL,1772632800000000,1,1772647200000000);
INSERT INTO "release_pages" VALUES(4,'acme','https://news.example/releases/1.html','{"position":3,"published":[{"confidence":0.7998999999999999,"text":"2026-01-24","where":"text of span"}],"title":{"confidence":0.86,"text":"Release 1 on the engine and the harbour","where":"link"},"url":"https://news.example/releases/1.html"}','"bdf3a33b5516f86f"',NULL,1772632800000000,1,1772647200000000);
INSERT INTO "release_pages" VALUES(5,'acme','https://news.example/releases/5.html','{"published":[{"confidence":0.7998999999999999,"text":"2026-01-28","where":"text of span"}],"title":{"confidence":0.86,"text":"Release 5 on the signal and the harbour","where":"link"},"url":"https://news.example/releases/5.html"}','"750251258a00b933"',NULL,1772632800000000,0,1772636400000000);
CREATE TABLE renderings (
	name TEXT NOT NULL,
	feed_id INTEGER NOT NULL,
	version INTEGER NOT NULL,
	recipe TEXT NOT NULL,
	content_type TEXT NOT NULL,
	gzip BLOB NOT NULL,
	brotli BLOB NOT NULL,
	etag TEXT NOT NULL,
	last_modified BIGINT NOT NULL,
	max_age INTEGER NOT NULL,
	link TEXT NOT NULL,
	kept_at BIGINT NOT NULL,
	CONSTRAINT pk_renderings PRIMARY KEY (name),
	CONSTRAINT fk_renderings_feed_id FOREIGN KEY(feed_id) REFERENCES feeds (id) ON DELETE CASCADE
);
CREATE TABLE revisions (
	entry_id INTEGER NOT NULL,
	number INTEGER NOT NULL,
	replaced_at BIGINT NOT NULL,
	changed TEXT NOT NULL,
	document BLOB NOT NULL,
	CONSTRAINT pk_revisions PRIMARY KEY (entry_id, number),
	CONSTRAINT fk_revisions_entry_id FOREIGN KEY(entry_id) REFERENCES entries (id) ON DELETE CASCADE
);
INSERT INTO "revisions" VALUES(3,1,1772632800000000,'["title","content","summary"]',X'785EAD90D18A02310C457F25F4D575DAA9E8C3207E84F80359276B07336969230ACBFEBB537D187C93450881907B4FC2FD353A2893E9C0EC89090B818728A081E09451062540E91F73C0FC1D2FD97C81E141CED5135453E9AC15BA96866E3826269B9FA0627D1374E4AA3F465112AD966DDABD7BA9838419A7650AE04089B940FC79518F3153B3B569F74F6C3B6319A71FB37C04EB676CCCC749D07F04BB9AB1653809F22BB5267D493D2AF53569EFFC66E9DAA55F1F5ADF3937D5E2D1CDDF1D1A58A84B');
CREATE TABLE saved_feeds (
	name TEXT NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_saved_feeds PRIMARY KEY (name)
);
CREATE TABLE scrapes (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	source TEXT NOT NULL,
	started_at BIGINT NOT NULL,
	finished_at BIGINT NOT NULL,
	result TEXT NOT NULL,
	reason TEXT NOT NULL,
	new INTEGER NOT NULL,
	changed INTEGER NOT NULL,
	unchanged INTEGER NOT NULL,
	failed INTEGER NOT NULL,
	requests INTEGER NOT NULL,
	facts TEXT NOT NULL
);
INSERT INTO "scrapes" VALUES(1,'acme',1772625600000000,1772625600000000,'well','',4,0,0,0,5,'{"ahead":0,"dated":4,"days":4,"hosts":["news.example"],"items":4,"known":0,"look":"","moved":0,"new":4,"newest":"2026-01-27","reached":0,"redated":0,"retitled":0,"same_day":0,"shape":"news.example/releases/*","shape_percent":100,"swapped":0,"titled":4,"titles":4,"unexplained":0}');
INSERT INTO "scrapes" VALUES(2,'acme',1772632800000000,1772632800000000,'well','',1,1,3,0,6,'{"ahead":0,"dated":5,"days":5,"hosts":["news.example"],"items":5,"known":4,"look":"","moved":0,"new":1,"newest":"2026-01-28","reached":4,"redated":0,"retitled":0,"same_day":4,"shape":"news.example/releases/*","shape_percent":100,"swapped":0,"titled":5,"titles":5,"unexplained":1}');
CREATE TABLE sessions (
	digest TEXT NOT NULL,
	admin TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	CONSTRAINT pk_sessions PRIMARY KEY (digest),
	CONSTRAINT fk_sessions_admin FOREIGN KEY(admin) REFERENCES admins (name) ON DELETE CASCADE
);
CREATE TABLE sign_in_failures (
	subject TEXT NOT NULL,
	count INTEGER NOT NULL,
	last_at BIGINT NOT NULL,
	CONSTRAINT pk_sign_in_failures PRIMARY KEY (subject)
);
CREATE TABLE snapshots (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	source TEXT NOT NULL,
	kind TEXT NOT NULL,
	url TEXT NOT NULL,
	requested_url TEXT NOT NULL,
	fetched_at BIGINT NOT NULL,
	content_type TEXT NOT NULL,
	content_language TEXT,
	digest TEXT NOT NULL,
	size INTEGER NOT NULL,
	body BLOB NOT NULL
);
INSERT INTO "snapshots" VALUES(1,'acme','listing','https://news.example/releases/','https://news.example/releases/',1772625600000000,'text/html; charset=utf-8',NULL,'0b3dd67bf6987ba6b9cf5c1b84ea904a959b5780e4536f4d95921ae21ad4bcdb',384,X'785E9DD2CD8EC2201007F05721BDEB08EDBA979187F0E27994514858DA001E7CFBA556924DB34DACC73FF3C1EF3068F38FD768998CC6ECB2677D64CF9438214C1961AA9E7BF3289DF24F4309782FE3DE898BA7940E4D9C6A8D461236F2F5D0C0EB2941B71D3F6BEABCE8441F44B62CFA78B1148DA0609EB984737F8F08A4310D14EA7243B96C563BB5DFECE4467D238C558D833E59CAE2F551D9EB92A0B2216F1186E2F7EE5D623B23B695E829648E612D71BF406C3F27AA195155E22D527099D712BF1688EA73A29C11652572B8B9B05AD82D08E57F4218EF11A65B85E771FF021F52F4B4');
INSERT INTO "snapshots" VALUES(2,'acme','release','https://news.example/releases/4.html','https://news.example/releases/4.html',1772625600000000,'text/html; charset=utf-8',NULL,'1578ef9ac89c734bdc7b250bb0c7a10183cbcf6f7eeb3cbccf0ae04a3e2b1527',337,X'785EADD2410EC2201005D0AB4CBA575A349A34C821BCC114C6D284160218E3EDA56DD246571ABBFCE4CF5B30234CEAAD1486504B91BA64495EC912468223B80192217041190C1A70D053CEA171F720D8DC176C9E6E9C7E4A8121756A7C35D50F522E0B0FCA628C974263A262191E530DBCE4A75D59EDF859309FBB5FDB35780CD806F4064A48646D04777B6BF72ED0FE0FB65AD9D8B503DA4D54BEAA7DFE5FF7D8443DACAA72DE53F850D9B23F36EF934D07F202A836BD35');
INSERT INTO "snapshots" VALUES(3,'acme','release','https://news.example/releases/3.html','https://news.example/releases/3.html',1772625600000000,'text/html; charset=utf-8',NULL,'fa5a952525b00695f0ed791389eb5d005ed3f25a052cff4b5230ffb0c8ebbe4c',338,X'785EAD92410E82301045AF3261AF8592B020B587F006031D2949699BB6C6787B0B24105D6964F927EFBFCD1FA1D364A4D0844A8A342643F24A863012D4E02C244D60D0260A16D0AA256B0C9DBB07C1565EB0B5DD39F59402431AFBF9AAAB1F4C19161E7A83315E0A85898AAD3CA71678C99B53599D782398CFECD7EE163C061C027A0D2524322682BBBDD1930B74FE435BED5A17FA0CA843B47CD7C671B0680EB1D6BB75CAB3B9C787956D03B27550B67CC80BF13CBDFF');
INSERT INTO "snapshots" VALUES(4,'acme','release','https://news.example/releases/2.html','https://news.example/releases/2.html',1772625600000000,'text/html; charset=utf-8',NULL,'81409dbbb742338180f1c5a2b2d00251e0f9da2ec0f0111f3a3ff6491994cafb',338,X'785EAD923D0EC2300C46AF627587B44130542187E0066E639A4A69122566E0F6F4476A0513888E9FFDBEB7D8CAF2E0B4B284462BEED991BE9123CC04128207B6045D42DF33017A33678BA9098FA4C4C22BB1B49B609E5A61E2BE9DA6B6FAC134C22A42EB30E76B6190A958CB53AA4196F27228AB833C2B1147F66B770D11138ECB68A10426E73284FB1B3D8444C73FB4D5A675E89992DF452B376D48ED08985DB4A74D9BFBCEA3FBB08AF58262B9A8985FE405693DBE29');
INSERT INTO "snapshots" VALUES(5,'acme','release','https://news.example/releases/1.html','https://news.example/releases/1.html',1772625600000000,'text/html; charset=utf-8',NULL,'bdf3a33b5516f86f1e8ac02a0bf00a1bce71e5788201781f872cf1076cdcae40',336,X'785EAD92410E82301045AF3261AF856A5C90CA21BCC14047DAA4B4A41D17DEDE02091857C4B09C9FF7DFE68F323CB8461942DD28B6ECA87990234C0415040F6C08C8F7D613A0D7F36930B6E1159558702596721BF4BB5118D976536AAAFDA2CCAA113A8729DD0B8D4CC5DA9DAE1A64296FA7B23AC9AB126366F7AA6B1831621F71345002937309C2F31B1E42A4F3FFD26A93E6C05B3EC42A37AB43CF14FD11D6CB660DB1CB80FEB18A753CB18C29E6E7F8000FC0BB62');
INSERT INTO "snapshots" VALUES(6,'acme','listing','https://news.example/releases/','https://news.example/releases/',1772625600000000,'text/html; charset=utf-8',NULL,'ba18a10ca0e39b97f9ba79d24368bc7e101824a2725c9c0018fe453ac3d49a09',428,X'785E9DD3C16EC3200C06E0574139AFA52149B783CB43ECB2B31BBC80C420027AE8DB8F34459AB2455D7334B67FBE8B41A72F2B41132A09C9244BF29D2C61A4087CAE81CFDDB357D73C59FF18C8055CF2BA35ACB718E3A90A73AF92804C07FA3C55FCFE1479B79F3EABCA3EEB98772C6962D10C0E2D43A76EA5C670F697001C25C4115DC9569872B03888E3EE50EFC41BF0A92B61941F1A13BBFF93634D649813D21EF898F9D6FC57D82E846D11FAD067957A96F8BA426CB7139B05B129448B2E5170CF128F2BC4663B512C88A2108780CE245A125F58EF43A03E917AA4ED56B462BBB65E68EBA2253718F70BFB48D8AE08EBBF847C3A1E3E1F16BF5DE2379CA12E1A');
INSERT INTO "snapshots" VALUES(7,'acme','release','https://news.example/releases/5.html','https://news.example/releases/5.html',1772625600000000,'text/html; charset=utf-8',NULL,'750251258a00b9335bb4b274d7d57b104125f3ee58ade387bf27c0720a214443',336,X'785EADD2CD0E82300C07F05769B8E3604663C8DC43F8068555B664B0659B1ADF5E3E12309E88E1D8E6DFDFA1ADD0A9B3526842254532C992BC91258C0427703D244D104DDBA305ECD5546A0CB57B04C1E6B860F370EDD45B0A0CC934635797DBA1212B3C341663BC660A1365CBEC5855C00B7ECE8B32E717C1FC90DD4A57E031601BD06B282091B511DCFD3BDCB94087FFD17245BB610BEEB507CA57B471DE53D8033DAEE8D3386BFA1F942D9763F325D9F4191F29D3BA8C');
INSERT INTO "snapshots" VALUES(8,'acme','release','https://news.example/releases/2.html','https://news.example/releases/2.html',1772625600000000,'text/html; charset=utf-8',NULL,'ea49b7f2c951d7f43478027557f6b56aa4af2a9233a23566a3f3f56f3bdca496',354,X'785EAD92C10E823010447F65C3592CD4E881543EC23F58DB9592D4966CD7837F2F4202D123E1389B9979871DE3E5195AE3095D6BA49740ED8D026126D090228827E818632F0418DDA43DF23DBDF800363193157246CD51A3E6A27B72EFD6204B6FBF575F6F2B1D7366001B30E76BE150A8587ABEAA015DE94B59D5A53E1B358CDE2D980606641C7D83870A8442C8901E3FC167623AEE43A85742C028C4716F825E0989EDE8757B134E2B21F75DC4F00750CBE3D53C04358DEC033744D653');
CREATE TABLE sources (
	"key" TEXT NOT NULL,
	declared TEXT,
	overrides TEXT NOT NULL,
	in_force TEXT NOT NULL,
	is_enabled BOOLEAN NOT NULL,
	state TEXT NOT NULL,
	reason TEXT NOT NULL,
	failures INTEGER NOT NULL,
	added_at BIGINT NOT NULL,
	scraped_at BIGINT,
	succeeded_at BIGINT,
	settled_at BIGINT,
	due_at BIGINT,
	due_why TEXT NOT NULL,
	not_before BIGINT,
	run_asked_at BIGINT,
	claimed_by TEXT,
	claimed_until BIGINT,
	memory TEXT NOT NULL, is_misfiled BOOLEAN,
	CONSTRAINT pk_sources PRIMARY KEY ("key")
);
INSERT INTO "sources" VALUES('acme','{"category":"company","key":"acme","title":"Acme","urls":["https://news.example/releases/"]}','{}','{"category":"company","key":"acme","title":"Acme","urls":["https://news.example/releases/"]}',1,'well','',0,1772625600000000,1772632800000000,1772632800000000,1772625600000000,NULL,'',NULL,NULL,NULL,NULL,'{"promises":[5,0]}',NULL);
CREATE TABLE subscription_requests (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	mode TEXT NOT NULL,
	topic TEXT NOT NULL,
	callback TEXT NOT NULL,
	host TEXT NOT NULL,
	secret TEXT NOT NULL,
	lease_seconds INTEGER NOT NULL,
	asked_by TEXT NOT NULL,
	asked_at BIGINT NOT NULL,
	tag TEXT NOT NULL,
	refused_at BIGINT
);
CREATE TABLE subscriptions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	topic TEXT NOT NULL,
	callback TEXT NOT NULL,
	host TEXT NOT NULL,
	secret TEXT NOT NULL,
	since_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	delivered TEXT NOT NULL,
	attempts INTEGER NOT NULL,
	retry_at BIGINT,
	failing_since BIGINT,
	CONSTRAINT uq_subscriptions_topic_callback UNIQUE (topic, callback)
);
CREATE TABLE tokens (
	name TEXT NOT NULL,
	digest TEXT NOT NULL,
	scopes TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT,
	used_at BIGINT,
	CONSTRAINT pk_tokens PRIMARY KEY (name),
	CONSTRAINT uq_tokens_digest UNIQUE (digest)
);
CREATE INDEX ix_asked_renderings_asked_at ON asked_renderings (asked_at);
CREATE INDEX ix_entries_title_key ON entries (title_key);
CREATE INDEX ix_feeds_version ON feeds (version);
CREATE INDEX ix_pending_items_source_retry_at ON pending_items (source, retry_at);
CREATE INDEX ix_quarantines_source_closed_at ON quarantines (source, closed_at);
CREATE INDEX ix_scrapes_source_id ON scrapes (source, id);
CREATE INDEX ix_snapshots_source_url ON snapshots (source, url);
CREATE INDEX ix_sources_due_at ON sources (due_at) WHERE is_enabled = 1;
CREATE INDEX ix_aliases_entry_id ON aliases (entry_id);
CREATE INDEX ix_memberships_archive ON memberships (feed_id, archive);
CREATE INDEX ix_memberships_entry_id ON memberships (entry_id);
CREATE INDEX ix_memberships_waiting ON memberships (feed_id, window_at, entry_id) WHERE archive IS NULL;
CREATE INDEX ix_memberships_window ON memberships (feed_id, window_at DESC, entry_id DESC) WHERE is_withdrawn IS 0;
CREATE INDEX ix_release_pages_source_check_at ON release_pages (source, check_at);
CREATE INDEX ix_renderings_feed_id ON renderings (feed_id);
CREATE INDEX ix_sessions_admin ON sessions (admin);
CREATE INDEX ix_entries_source_first_seen_at ON entries (source, first_seen_at);
CREATE INDEX ix_subscription_requests_asked_by_asked_at ON subscription_requests (asked_by, asked_at);
CREATE INDEX ix_subscriptions_expires_at ON subscriptions (expires_at);
CREATE INDEX ix_subscriptions_host ON subscriptions (host);
CREATE INDEX ix_held_entries_rendered_at ON held_entries (rendered_at);
CREATE INDEX ix_entries_updated ON entries (updated);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('snapshots',8);
INSERT INTO "sqlite_sequence" VALUES('entries',5);
INSERT INTO "sqlite_sequence" VALUES('feeds',3);
INSERT INTO "sqlite_sequence" VALUES('scrapes',2);
COMMIT;
