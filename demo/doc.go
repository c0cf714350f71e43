// Package demo invents people, courses, wishes, counts and unanswered questions, to
// try things out and for load tests. The same call on the same day invents the same.
//
// What is invented is marked: courses by Invented (people are told "lớp ví dụ,
// không có thật"), people by ids that begin with demo-, wishes by their source, counts and
// questions by their channel.
// Nobody invented has a phone number.
package demo
