// Package console is the pages under /console, for staff: classes, wishes,
// announcements, members, content, what was done by whom.
//
// A request goes this way:
//
//	routes.go   all paths, each with the action it needs (staff.Allowed)
//	guard.go    headers, who is signed in, errors as pages
//	NAME_VERB.go  one action a file: reads the form, asks the desk or the
//	            records, shows a page or sends on
//	page.go     pages/*.html in their layout; works without scripts
//	form.go     what was typed comes back with what is wrong with it
//	words.go    how roles, states and days are called
//	look/       the style sheet, the pictures, htmx as it was published
//
// Whether somebody may do something is asked of staff.Allowed, where the place
// of it is known; the routes ask only whether their role may at all. What was
// done is written to the audit log together with the change.
//
// It is not for rules: those are in staff, course, broadcast. The interfaces
// that it needs of others are in needs.go.
package console
