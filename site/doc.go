// Package site is the public pages: the classes that one can join now, each class
// by itself, and good examples. Anybody may read, print, share and index them.
//
//	routes.go   all paths, and what every answer carries
//	course.go   /lop-hoc and /lop-hoc/{id}
//	story.go    /dien-hinh
//	page.go     pages/*.html in their layout; look/ the style sheet
//
// There are no scripts, nothing comes from another host, and the first page is
// small. Links lead into the chat at the class (package webchat, /lop/{id}).
//
// It is not for staff and knows nothing of them, nor of people: what is shown is a
// content.Library with the stories that may be told, and a course.Catalogue.
package site
