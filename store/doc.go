// Package store keeps what must be there after a restart: sessions, and the
// records of people. It is the last station of a message: bot.Turns decides a
// turn, store writes it.
//
// It is not for rules. What may be kept, and for how long, is said by packages
// bot (lives of sessions) and people (consent); store does it.
//
// Two things can keep sessions, and one suite (sessions_test.go) says that they
// do it alike:
//
//	DB      one SQLite file in NGHE_DATA; nothing to install
//	Redis   any redis.UniversalClient: one server, sentinel, cluster
//
// Records are in DB.
//
// On a file the statements of a turn are read once (prepared.go), and turns that
// are to be written at the same time share a transaction (group.go).
//
// # Tables of DB (migrations/*.sql)
//
//	session    one row a contact: the talk as it stands, its version, the
//	           sensitive answers with their end, effects not applied yet,
//	           who has the talk in hand (Hold).
//	           Written by Save and Applied, read by Load. 90 days after the
//	           last turn.
//	seen       turns that were committed, one row each. Save, Load. As long as
//	           the platform may deliver them again (bot.SeenLife).
//	bubble     the last things said. Save; Load (of a repeated turn), Bubbles.
//	           7 days, 30 a contact.
//	outbox     what is to be sent of a turn: bubbles, progress, who is sending
//	           it and until when. Save; Take, Note, Put, Done. Until it was
//	           sent or given up, at most 2 days.
//	inbox      messages accepted of platforms that don't deliver again. Accept;
//	           Save forgets them. At most 7 days.
//	person, contact, consent
//	           what a person agreed to have kept, on which contacts, in which
//	           words. Package people. Until they withdraw or delete.
//	link_code  keyed hashes of codes by which somebody becomes one person on
//	           several contacts. PutCode; Link. 15 minutes, and a day more to say
//	           that they have ended.
//	link_outcome
//	           what came of linking and unlinking, by turn: wrong tries are
//	           counted. Link, Unlink. 1 hour.
//	course     classes as announced. PutCourses (import, demo), read whole
//	           into the snapshot that conversations use. Stays.
//	interest   wishes for a course, or for a trade at a place, with the words
//	           of their own consent; package people. Until they are withdrawn,
//	           or the person withdraws or deletes all.
//	interest_step
//	           when wishes reached what. PutInterest, MoveInterests, MarkInterests;
//	           Figures, Milestones. As long as the wish.
//	difficulty what stood in the way, as staff wrote it into reports.
//	           PutDifficulty; Difficulties. Stays.
//	campaign   surveys of what people would learn, as officers made them; their
//	           answers are wishes. PutCampaign; Campaigns. Stays.
//	story, story_picture
//	           good examples as staff wrote them down, and their pictures (package
//	           story). PutStory; Stories, ToldPicture. Stays; of one that was
//	           withdrawn only that there was one and what had been agreed to.
//	recipient  everybody who may be told something, with where they live and on
//	           which contact they are told: made of person, contact and interest
//	           by everything that changes these. Count, Plan, Claim. As long as
//	           there is a person, or a wish of a contact.
//	follow, kept_group, opted_out
//	           what somebody agreed to be told of, groups they agreed to have
//	           kept for it, and what they stopped. Follow, Unfollow. Until they
//	           stop, withdraw or delete.
//	broadcast, broadcast_event
//	           what is told to many, and who did what with it. Put, Change. Stays.
//	delivery   one row for each recipient of a broadcast: what became of it.
//	           Plan, Claim, Mark. Stays; of somebody who deletes all, without
//	           their name.
//	bank_day   when the policy bank comes to a commune, as officers entered it.
//	           PutBankDay; BankDays. Stays.
//	course_seen
//	           how a class stood when the clock last looked, since when it is
//	           open. See (scheduler/reminder), read by Seen. Stays.
//	reminder_switch
//	           reminders that staff switched on or off. PutSwitch; Switches. Stays.
//	duty       who of the staff takes cases at the moment. PutDuty, DutySeen,
//	           EndDuty; Duties. Until they sign off.
//	counsel_chat
//	           what a counsellor is about in their own chat. PutCounselChat;
//	           CounselChat. Stays; what they typed at most a day.
//	notice     what members of the office are told, once by its name, and until
//	           when it stands on their list. PutNotice, NoticeTold; Notices.
//	           90 days after its end.
//	reminder_missed
//	           reminders that were due and not told, and why: too late, or nobody
//	           there. What was told is in broadcast, by name; Miss and Put agree
//	           on one of the two. Miss; Told, Sums. Stays.
//	change     a number that grows when courses change, so that a process sees
//	           what another did. Stays.
//	lease      what one process may do at a time: polling, renewing a token.
//	           Lease. Until its end.
//	trouble    deliveries that may not have arrived, for staff. NoteTrouble;
//	           Troubles. 30 days.
//	token      tokens of channels that rotate (Zalo). Tokens. A secret. Stays.
//	spent      what templates cost, by month. Spend. Stays.
//	echo       messages that a platform says have arrived. Echo; Echoed. 1 hour.
//	unreachable  who blocked us; until they write or say otherwise.
//	media      references to voice and pictures. Media. 7 days.
//	staff      those who work with nghe; package staff. Stays: their names are in
//	           the books.
//	staff_link, staff_session, staff_code
//	           hashes of what opens something: a link to set a password (7
//	           days), a browser that is signed in (3 days after it was last
//	           used, at most 30), a code for a chat (15 minutes).
//	staff_try  tries to sign in. 15 minutes.
//	audit      what staff changed: written with the change or not at all. Stays.
//	handoff    talks that a human is asked to take, with what is known of each
//	           (package handoff). OpenCase, ChangeCase. Stays, without anything
//	           of the person: of somebody who deletes all at once, else 180
//	           days after it was closed.
//	handoff_message
//	           what was said and noted with a case. The same; what tells a
//	           sensitive answer ends as the bubble did (24 hours).
//	handoff_file
//	           voice, pictures and files of messages. PutFile; File. 30 days after
//	           the case is closed.
//	own_canned answers that counsellors keep for themselves. PutCanned; OwnCanned.
//	           Stays, until they remove them.
//	handoff_hold
//	           who has whose talk in hand, as sessions must have it. OpenCase,
//	           ChangeCase; Holds. As long as there is a case.
//	content_release, content_file
//	           what was changed of the content in the console, by whom and why,
//	           with the files as they were afterwards; the newest text of a file
//	           is live. PutRelease; EditedFiles, Releases. Stays.
//	daily      what happened, counted by day and apart from people: no row has a
//	           contact, so that nothing of it is about somebody (package daily).
//	           AddCounts; Counts. Stays.
//	unanswered, unanswered_offer, unanswered_mark
//	           what was asked and could not be answered, scrubbed (package
//	           unanswered); topics that were offered a moment ago, by contact; what
//	           staff said of texts. ChangeUnanswered, RipenOffers, PutMarks;
//	           Unanswered, Marks. 180 days; 1 hour, or until one is taken or the
//	           person deletes all; as long as the text.
//	deletion   keyed hashes of deleted contacts, so that a restored backup can
//	           delete them again. Stays.
//	setting    installation id, secret: made at the first start; for whom reports
//	           are: PutReceiver; since when nothing is sent: HoldSending; when the
//	           last backup was made: Backup. Stays.
//	migration  what was done to the tables.
//
// Times are 64-bit milliseconds since 1970 (UTC): the only form that SQLite
// and PostgreSQL compare and aggregate alike.
//
// # Keys of Redis
//
// N is one of 256 shards, by the contact; C is the contact, path-escaped. The
// shard is the hash tag, so that all keys of a contact and the lists of who is
// due may be touched together on a cluster.
//
//	nghe:{N}:C:s   hash: v version, p session, q last seq, h who has
//	               the talk in hand, "epoch|kind|case"            90 days
//	nghe:{N}:C:x   sensitive answers, "ends-in-ms|bytes"          until their end
//	nghe:{N}:C:e   effects not applied yet, "version|bytes"       90 days
//	nghe:{N}:C:n   sorted set: turns by the end of their mark     SeenLife
//	nghe:{N}:C:b   list: bubbles, "seq|at-in-ms|json"             7 days, 30
//	nghe:{N}:C:o   hash: outbox; of each delivery SEQ:b what is sent, SEQ:o
//	               owner, SEQ:l lease, SEQ:n not before, SEQ:p progress  2 days
//	nghe:{N}:C:i   hash: inbox; t:TURN "number|json", # last number  7 days
//	nghe:{N}:due   sorted set: contacts by when their outbox is due, as long as
//	               they have one
//	nghe:{N}:in    sorted set: contacts by when their inbox began to wait
//	nghe:{pace:CHANNEL}:slots    sorted set: messages that count against the
//	               channel's pace, by until when (µs). Slots: Take, Release.
//	               A second after the platform's answer, 16 s without one
//	nghe:{pace:CHANNEL}:chats    sorted set: contacts by when they may be written
//	               to again (µs), “*” everybody (a pause), “bulk” the next of
//	               bulk. Take, Release, Pause. 15 s and the chat's gap, or until
//	               the end of the pause
//	nghe:{pace:CHANNEL}:answers  hash: by process how many answers wait there,
//	               "n|until in µs". Take. 5 s
//	nghe:limit:HASH     when the bucket of a person or address is full again: what
//	                    web chat takes of one. Until then.
//	nghe:said           no key but a channel: to whom something was said, for pages
//	                    that are open at another process
//	nghe:cases          the same for pages of staff: what happened with a case, and
//	                    nothing that was said
//	nghe:installation   the installation id, as in table setting
//
// Every life of what a contact has, and of the pace, is also kept by Redis
// itself, as a key's expiry. The keys s, n and b may stay an hour longer, so that
// their lives are renewed once an hour of a talk and not in each of its turns. The
// pace goes by Redis's clock: processes on several machines have no other in
// common.
package store
