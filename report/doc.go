// Package report makes the tables that the province and its communes decide by:
// sums of the records go in, tables come out. It is pure.
//
//	needs.go     what people wish to learn, by commune, trade and level
//	open.go      the rule for where a class could open, and which first
//	map.go       the 54 communes as tiles, coloured by number
//	campaign.go  what a survey gave
//	figures.go   what a report is asked of, and what the database sums up for it
//	yearly.go    the yearly report: its tables, what is estimated and how
//	results.go   what became of wishes
//	training.go  milestones by commune, trade, level, sex, group
//	cases.go     talks that a human took, complaints, how content people were
//	hide.go      small numbers are hidden so that nobody computes them
//	head.go      what a workbook begins with
//	read.go      the figures of a report, read
//	table.go     a table as a page and a workbook show it
//
// Sums are made by the database ([Sum], store.NeedSums); nothing here sees a
// person. A Needs never changes once it is made: requests share it. Excel is
// written by report/sheet from the same tables, so that page and workbook can't
// differ. It is not for who may see what: the caller asks for the sums of a scope
// (console/need_sums.go).
//
// A new figure: sum it up in store/report.go, name its source below its table, and
// count it by hand in console/report_test.go.
package report
