// Package sim reckons what a set of machines carries, from what a turn costs each
// part. Jobs go through stations: a station has servers, a queue in order of
// arrival, and a time that each job takes there. A processor is a station with as
// many servers as cores; a platform's limit of n messages a second is one with n servers, each
// taken for a second and the platform's own time (as bot.Slots keeps it).
//
// It is a simulation of events in order of time, with chance from a seed: the
// same run gives the same figures. Where queueing theory knows the answer
// (M/M/1, M/M/c, a closed loop) its tests compare with it, and with what “make
// bench” measured; docs/capacity.md is written by them.
package sim
