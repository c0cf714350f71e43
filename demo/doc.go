// Package demo invents people, courses and wishes, to try things out and for
// load tests. The same call on the same day invents the same.
//
// What is invented is marked: courses by Invented (people are told "lớp ví dụ,
// không có thật"), people by ids that begin with demo-, wishes by their source.
// Nobody invented has a phone number.
package demo
