// Run measures nghe and writes down what came out: “make bench” runs it from the
// root of the project, “make bench QUICK=1” in a few minutes, to see that it works.
//
// It measures nothing by itself. The benchmarks stand beside what they measure and
// in package bench; plan.go says which, how long, and what is wanted of them. All are run in rounds, one
// after the other, so that what else the machine does weighs on all alike. Of each figure the
// median of the rounds is told, with the range; ratios are worked out within
// each round, then the median of those is told.
//
//	bench/RESULTS.md     what came out, with the machine and the commands
//	bench/results.svg    the same as charts, for what a chart tells better
//	bench/results.json   the medians, for package bench/sim
package main
