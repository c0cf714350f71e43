// Package reminder tells people and the office what is due: enrolment closes,
// a class begins, how was it, facts are to be compared again.
//
// The clock only says "look" (package scheduler, every minute). What is due is
// computed from records each time, so that a minute that was missed costs
// nothing:
//
//  1. [Reminders.Look] compares its clock with the store's; when they are two
//     minutes apart it does nothing and says so.
//  2. It notes which classes have come to be open, or have a seat again.
//  3. [Due] gives all that is due by now and not yet long over, from content
//     (reminders.yaml), classes and what was noted. It is pure: tables of tests
//     pass the time in.
//  4. What was told or given up before is taken out, by name: the reminder, the
//     class, the day that it is about.
//  5. What is still of use becomes a broadcast of that name (package
//     broadcast), in one write: the first of all processes makes it. What is
//     too late, or for nobody, is noted as that, and never told.
//
// What then becomes of each person's message is the broadcast's; [Sum] adds it
// up for each reminder. Members of the office are told through [Staff].
package reminder
