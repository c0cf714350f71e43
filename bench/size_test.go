package bench

import (
	"os"
	"slices"
	"strconv"
)

// sizes leaves of some sizes those up to NGHE_BENCH_MOST; all without it.
func sizes(all ...int) []int {
	most, err := strconv.Atoi(os.Getenv("NGHE_BENCH_MOST"))
	if err != nil {
		return all
	}
	return slices.DeleteFunc(all, func(n int) bool { return n > most })
}
