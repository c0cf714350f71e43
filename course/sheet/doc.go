// Package sheet reads courses from Excel as officers write them, and makes the
// file they begin with.
//
// Template makes a workbook with Vietnamese headers, drop-downs, a sheet of
// notes and one example row. Read takes such a workbook back: all of it or
// nothing. Whatever it can't read is a Problem that names row and cell, says
// what is wrong with the words in it and how to write it, in Vietnamese:
// officers read it.
//
// Columns are found by their headers, in any order; all but two may be left
// out. A row is the same course as before when its code is the same, or
// without a code when title, place and start are.
//
//	columns.go   the table of columns: what each is for and how it is read
//	cell.go      days, sums, numbers, places and trades as they are typed
//	read.go      from a file to courses and problems
//	template.go  the file to begin with
//
// It is not for keeping courses (package store) nor for what is told of them.
package sheet
