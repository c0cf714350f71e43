// Package meter counts what the program does, for who operates it: GET /metrics
// gives it in the text format of Prometheus. It knows names and numbers, never
// who or what was said; what the province wants to know is counted apart, in
// package daily. Whoever does something calls its method; the numbers of what
// waits are read from the stores when somebody looks.
package meter
