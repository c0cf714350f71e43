// Package transcript reads, replays and writes conversations as people write
// them down. A transcript is a test that a counsellor can read and write;
// “nghe chat --save” makes one of a talk on the terminal.
//
//	# Người hỏi học phí giữa chừng; bot trả lời rồi hỏi tiếp.
//	at 2026-11-22 08:00
//	Người: hoc phi bao nhieu?
//	  topic support.tuition
//	Bot:  Tới 4 triệu đồng một khoá.
//	      [Tính tiền hỗ trợ] [Giấy tờ]
//	Người: [Tính tiền hỗ trợ]
//
// A person writes these lines:
//
//	# …              a comment
//	at TIME          the time of the next line, as 2026-11-22 08:00
//	wait 3 weeks     time passes: minutes, hours, days, weeks
//	Người: …         what is typed; [Label] is a tap on an option that was shown
//	Người (Zalo): …  the same on another channel: Zalo, Telegram, web
//	Người: (ghi âm)  a voice note; (ảnh) a picture, with words after it its caption
//	Người (Telegram): > #2 … > được
//	                 answers a message that began so
//	again            the last message is delivered a second time
//	content NAME     from now on the content has the overrides of this name;
//	                 content alone: as shipped
//	staff LOGIN      from now on the one who talks is this member of staff
//	staff LOGIN Zalo the same for another channel
//	people 12 ba-che nau-an
//	                 so many people of a place have agreed to be told of a trade
//	courses NAME     from now on these classes are known; courses alone: none
//	bank PLACE DAY   an officer notes the bank day of a commune
//	counsellor LOGIN: …
//	                 a counsellor says something in the case that was opened last
//	counsellor LOGIN claim, read, release, urgent, reopen
//	counsellor LOGIN transfer QUEUE NOTE, note TEXT, close OUTCOME NOTE
//	                 does something with it; read tells the summary
//	                 Once a member of staff typed “/truc”, what comes into any
//	                 talk stands below what was said, for other channels after (Telegram)
//	office TEXT      somebody of the office writes to them in Zalo's own app
//	tick             the clock looks at the cases
//	remind ID CLASS  the clock tells of a class, by a reminder of this id
//
// The Bot lines, and the lines indented by two spaces that tell what the
// engine did, are written by the replay. The transcripts of the shipped
// content are in content/transcripts; “go test ./content -update” rewrites
// them, and the difference is read before it is committed.
package transcript
