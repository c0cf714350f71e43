package console

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"nghe/bot"
	"nghe/broadcast"
	"nghe/content"
	"nghe/course"
	"nghe/course/sheet"
	"nghe/dialog"
	"nghe/draft"
	"nghe/handoff"
	"nghe/release"
	"nghe/report"
	"nghe/staff"
	"nghe/unanswered"
)

// Settings are what a Console needs.
type Settings struct {
	Desk    staff.Desk
	Records Records
	Library func() *content.Library
	Reader  func() sheet.Reader // reads what is typed
	Courses func() *course.Catalogue
	// Learn takes up courses that were just changed, so that the next page
	// shows them.
	Learn func(context.Context) error
	// Broadcasts is where announcements are made and steered.
	Broadcasts *broadcast.Desk
	// Say gives an announcement as it is said on a channel, Try says it to one
	// contact, Pace gives the messages a second of the channels.
	Say  func(b *broadcast.Broadcast, channel string) Said
	Try  func(ctx context.Context, to bot.Contact, b *broadcast.Broadcast) error
	Pace func() map[string]float64
	// Cases is where counsellors take talks.
	Cases *handoff.Desk
	// Profile gives what a contact agreed to have kept; nil: nothing is.
	Profile func(ctx context.Context, c bot.Contact) (dialog.Values, error)
	// Windows tells how long a channel lets one write to somebody; nil: always.
	Windows func(channel string) Window
	// Editing is where content is edited, Bench where it is tried before that;
	// Render gives what is said as each channel shows it.
	Editing *release.Desk
	Bench   *draft.Bench
	Render  func([]bot.Bubble) []Said
	// TellCourse tells a class as the bot would; nil: by its title.
	TellCourse func(id string, at time.Time) string
	// Asks reads what people asked and could not be answered.
	Asks func() unanswered.Reader
	Log  *slog.Logger
	Now  func() time.Time
	Zone *time.Location // of the province
	// Patience is how long a page waits for figures that are being summed up; 0: half
	// a second.
	Patience time.Duration
	// URL is where the outside reaches it, without a slash at the end.
	URL string
	// Telegram gives the name of the bot there, "" as long as it is not known; nil:
	// there is none.
	Telegram func() string
	// Secure is set when people reach the pages by https.
	Secure bool
	// Address gives who sent a request, behind whatever proxies.
	Address func(*http.Request) string
}

// Console is the staff pages. Make it with New.
type Console struct {
	Settings
	assets map[string]asset
	pages  pages
	news   newsroom
	sums   sums
	// figures of reports, as they were summed up last.
	figures *keptFigures
}

// New makes the console.
func New(s Settings) *Console {
	c := &Console{Settings: s, assets: loadAssets()}
	c.pages = loadPages(c)
	c.figures = newKeptFigures(func(ctx context.Context, a report.Asked) (report.Figures, error) { return c.Records.Figures(ctx, a) }, func() time.Time { return c.Now() }, s.Log)
	return c
}

// Wait ends what is summed up in the background and waits for that: the records are
// read until then.
func (c *Console) Wait() { c.figures.close() }

// route is one path and what is needed of who comes.
type route struct {
	pattern string
	need    staff.Action // "" = anybody who is signed in
	do      action
}

// routes are all paths for who is signed in.
func (c *Console) routes() []route {
	return []route{
		{"GET /console/{$}", "", c.showHome},
		{"POST /console/sign-out", "", c.signOut},

		{"GET /console/cases", staff.SeeCases, c.listCases},
		{"GET /console/cases/events", staff.SeeCases, c.streamCases},
		{"GET /console/cases/overview", staff.SeeCases, c.showOverview},
		{"POST /console/cases/duty", staff.TakeCases, c.changeDuty},
		{"GET /console/cases/{id}", staff.SeeCases, c.showCase},
		{"GET /console/cases/{id}/talk", staff.SeeCases, c.showTalk},
		{"GET /console/cases/{id}/media/{message}", staff.SeeCases, c.showMedia},
		{"GET /console/cases/{id}/attach", staff.SeeCases, c.listAttachments},
		{"POST /console/cases/{id}/claim", staff.TakeCases, c.claimCase},
		{"POST /console/cases/{id}/pass", staff.TakeCases, c.passCase},
		{"POST /console/cases/{id}/reply", staff.TakeCases, c.replyCase},
		{"POST /console/cases/{id}/file", staff.TakeCases, c.sendFile},
		{"POST /console/cases/{id}/merge", staff.TakeCases, c.mergeCases},
		{"POST /console/cases/{id}/canned", staff.TakeCases, c.keepCanned},
		{"POST /console/cases/{id}/canned/drop", staff.TakeCases, c.dropCanned},
		{"POST /console/cases/{id}/note", staff.SeeCases, c.noteCase},
		{"POST /console/cases/{id}/urgent", staff.TakeCases, c.markCase},
		{"POST /console/cases/{id}/transfer", staff.TakeCases, c.transferCase},
		{"POST /console/cases/{id}/release", staff.TakeCases, c.releaseCase},
		{"POST /console/cases/{id}/close", staff.TakeCases, c.closeCase},
		{"POST /console/cases/{id}/reopen", staff.TakeCases, c.reopenCase},

		{"GET /console/courses", staff.SeeCourses, c.listCourses},
		{"GET /console/courses/new", staff.EditCourses, c.newCourse},
		{"POST /console/courses", staff.EditCourses, c.addCourse},
		{"GET /console/courses/import", staff.EditCourses, c.showCourseImport},
		{"POST /console/courses/import", staff.EditCourses, c.importCourses},
		{"GET /console/courses/template.xlsx", staff.EditCourses, c.courseTemplate},
		{"GET /console/courses/export.xlsx", staff.SeeCourses, c.exportCourses},
		{"GET /console/courses/{id}", staff.SeeCourses, c.showCourse},
		{"GET /console/courses/{id}/edit", staff.EditCourses, c.editCourse},
		{"POST /console/courses/{id}", staff.EditCourses, c.changeCourse},
		{"GET /console/courses/{id}/duplicate", staff.EditCourses, c.duplicateCourse},
		{"POST /console/courses/{id}/open", staff.EditCourses, c.openCourse},
		{"GET /console/courses/{id}/cancel", staff.EditCourses, c.askCancelCourse},
		{"POST /console/courses/{id}/cancel", staff.EditCourses, c.cancelCourse},

		{"GET /console/courses/{id}/loud", staff.SeeCourses, c.showLoud},
		{"GET /console/courses/{id}/board", staff.SeeCourses, c.showBoard},
		{"GET /console/courses/{id}/code.svg", staff.SeeCourses, c.showCourseCode},

		{"GET /console/stories", staff.EditStories, c.listStories},
		{"GET /console/stories/new", staff.EditStories, c.newStory},
		{"POST /console/stories", staff.EditStories, c.addStory},
		{"GET /console/stories/{id}", staff.EditStories, c.showStory},
		{"GET /console/stories/{id}/edit", staff.EditStories, c.editStory},
		{"POST /console/stories/{id}", staff.EditStories, c.changeStory},
		{"GET /console/stories/{id}/picture", staff.EditStories, c.showStoryPicture},
		{"POST /console/stories/{id}/publish", staff.EditStories, c.publishStory},
		{"POST /console/stories/{id}/draft", staff.EditStories, c.unpublishStory},
		{"POST /console/stories/{id}/withdraw", staff.EditStories, c.withdrawStory},

		{"GET /console/interests", staff.SeeInterests, c.listInterests},
		{"POST /console/interests/move", staff.EditInterests, c.moveInterests},
		{"POST /console/interests/papers", staff.EditInterests, c.markPapers},
		{"POST /console/interests/mark", staff.EditInterests, c.markInterests},
		{"GET /console/interests/new", staff.EditInterests, c.newInterest},
		{"POST /console/interests", staff.EditInterests, c.addInterest},
		{"GET /console/interests/import", staff.EditInterests, c.showInterestImport},
		{"POST /console/interests/import", staff.EditInterests, c.importInterests},
		{"GET /console/interests/template.xlsx", staff.EditInterests, c.interestTemplate},
		{"GET /console/interests/export.xlsx", staff.ExportInterests, c.exportInterests},
		{"GET /console/interests/{id}", staff.SeeInterests, c.showInterest},
		{"POST /console/interests/{id}", staff.EditInterests, c.changeInterest},

		{"GET /console/needs", staff.SeeReports, c.listNeeds},
		{"GET /console/needs/map", staff.SeeReports, c.showNeedMap},
		{"GET /console/needs/export.xlsx", staff.SeeReports, c.exportNeeds},

		{"GET /console/results", staff.SeeReports, c.showResults},
		{"GET /console/results/export.xlsx", staff.SeeReports, c.exportResults},
		{"GET /console/report", staff.SeeReports, c.showReport},
		{"GET /console/report/export.xlsx", staff.SeeReports, c.exportReport},
		{"POST /console/report/difficulty", staff.WriteReports, c.putDifficulty},
		{"POST /console/report/receiver", staff.WriteReports, c.putReceiver},

		{"GET /console/campaigns", staff.SeeReports, c.listCampaigns},
		{"GET /console/campaigns/new", staff.EditCampaigns, c.newCampaign},
		{"POST /console/campaigns", staff.EditCampaigns, c.addCampaign},
		{"GET /console/campaigns/{id}", staff.SeeReports, c.showCampaign},
		{"GET /console/campaigns/{id}/edit", staff.EditCampaigns, c.editCampaign},
		{"POST /console/campaigns/{id}", staff.EditCampaigns, c.changeCampaign},
		{"GET /console/campaigns/{id}/picture", staff.SeeReports, c.showCampaignPicture},
		{"GET /console/campaigns/{id}/export.xlsx", staff.SeeReports, c.exportCampaign},
		{"POST /console/campaigns/{id}/letter", staff.NewBroadcast, c.letterOfCampaign},

		{"GET /console/broadcasts", staff.SeeBroadcasts, c.listBroadcasts},
		{"GET /console/broadcasts/new", staff.NewBroadcast, c.newBroadcast},
		{"POST /console/broadcasts/reach", staff.NewBroadcast, c.showReach},
		{"POST /console/broadcasts", staff.NewBroadcast, c.addBroadcast},
		{"GET /console/broadcasts/{id}", staff.SeeBroadcasts, c.showBroadcast},
		{"GET /console/broadcasts/{id}/progress", staff.SeeBroadcasts, c.showProgress},
		{"GET /console/broadcasts/{id}/edit", staff.NewBroadcast, c.editBroadcast},
		{"POST /console/broadcasts/{id}", staff.NewBroadcast, c.changeBroadcast},
		{"POST /console/broadcasts/{id}/send", staff.NewBroadcast, c.sendBroadcast},
		{"POST /console/broadcasts/{id}/try", staff.NewBroadcast, c.tryBroadcast},
		{"POST /console/broadcasts/{id}/approve", staff.ApproveBroadcast, c.approveBroadcast},
		{"POST /console/broadcasts/{id}/pause", staff.StopBroadcast, c.pauseBroadcast},
		{"POST /console/broadcasts/{id}/resume", staff.StopBroadcast, c.resumeBroadcast},
		{"POST /console/broadcasts/{id}/cancel", staff.StopBroadcast, c.cancelBroadcast},
		{"GET /console/broadcasts/{id}/people", staff.SeeRecipients, c.listRecipients},
		{"GET /console/broadcasts/{id}/people.xlsx", staff.SeeRecipients, c.exportRecipients},
		{"GET /console/broadcasts/{id}/calls", staff.SeeRecipients, c.listCalls},

		{"GET /console/funnels", staff.SeeFigures, c.showFunnel},
		{"GET /console/unanswered", staff.SeeUnanswered, c.listUnanswered},
		{"POST /console/unanswered/mark", staff.EditContent, c.markUnanswered},

		{"GET /console/rules", staff.SeeRules, c.showRules},
		{"POST /console/rules", staff.EditRules, c.changeRules},

		{"GET /console/reminders", staff.SeeRules, c.listReminders},
		{"POST /console/reminders/{id}", staff.EditRules, c.switchReminder},

		{"GET /console/bank-days", staff.EditOfficeDays, c.listBankDays},
		{"GET /console/bank-days/new", staff.EditOfficeDays, c.newBankDay},
		{"POST /console/bank-days", staff.EditOfficeDays, c.addBankDay},
		{"GET /console/bank-days/{id}", staff.EditOfficeDays, c.editBankDay},
		{"POST /console/bank-days/{id}", staff.EditOfficeDays, c.changeBankDay},
		{"POST /console/bank-days/{id}/drop", staff.EditOfficeDays, c.dropBankDay},

		{"GET /console/facts", staff.EditContent, c.listFacts},
		{"GET /console/content", staff.EditContent, c.listContent},
		{"GET /console/content/new", staff.EditContent, c.newContent},
		{"GET /console/content/ask", staff.EditContent, c.askContent},
		{"GET /console/content/history", staff.EditContent, c.listReleases},
		{"GET /console/content/history/{id}", staff.EditContent, c.showRelease},
		{"POST /console/content/history/{id}", staff.EditContent, c.restoreRelease},
		{"GET /console/content/{kind}/{id}", staff.EditContent, c.editContent},
		{"POST /console/content/{kind}/{id}/try", staff.EditContent, c.tryContent},
		{"POST /console/content/{kind}/{id}/download", staff.EditContent, c.downloadContent},
		{"POST /console/content/{kind}/{id}", staff.EditContent, c.publishContent},
		{"POST /console/content/{kind}/{id}/drop", staff.EditContent, c.dropContent},

		{"GET /console/account", "", c.showAccount},
		{"POST /console/account/password", "", c.changePassword},
		{"GET /console/account/codes", "", c.showCodes},
		{"GET /console/account/codes/picture", "", c.showCodesPicture},
		{"POST /console/account/codes", "", c.beginCodes},
		{"POST /console/account/codes/end", "", c.endCodes},
		{"POST /console/account/chat", "", c.makeChatCode},
		{"POST /console/account/chat/end", "", c.endChat},
		{"POST /console/account/sessions/end", "", c.endOtherSessions},
		{"POST /console/account/sessions/{id}/end", "", c.endSession},

		{"GET /console/members", staff.ManageStaff, c.listMembers},
		{"GET /console/members/new", staff.ManageStaff, c.newMember},
		{"POST /console/members", staff.ManageStaff, c.addMember},
		{"GET /console/members/{id}", staff.ManageStaff, c.showMember},
		{"POST /console/members/{id}", staff.ManageStaff, c.changeMember},
		{"POST /console/members/{id}/link", staff.ManageStaff, c.linkMember},
		{"POST /console/members/{id}/off", staff.ManageStaff, c.switchMember},
		{"POST /console/members/{id}/sessions/end", staff.ManageStaff, c.endMemberSessions},

		{"GET /console/audit", staff.SeeAudit, c.listAudit},
	}
}

// open are the paths for anybody: the door.
func (c *Console) open() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /console": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/console/", http.StatusMovedPermanently)
		},
		"GET /console/assets/{name}":       c.showAsset,
		"GET /console/sign-in":             c.door(c.showSignIn),
		"POST /console/sign-in":            c.door(c.signIn),
		"GET /console/invitation/{token}":  c.door(c.showInvitation),
		"POST /console/invitation/{token}": c.door(c.acceptInvitation),
		"/console/":                        c.door(func(v *visit) error { return errMissing }),
	}
}

// Handler serves every path under /console.
func (c *Console) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, do := range c.open() {
		mux.HandleFunc(pattern, do)
	}
	for _, r := range c.routes() {
		mux.HandleFunc(r.pattern, c.inside(r.need, r.do))
	}
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(c.door(func(*visit) error { return errCross }))
	return c.guard(cross.Handler(mux))
}
