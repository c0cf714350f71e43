package main

// A suite is some benchmarks of one package.
type suite struct {
	part  string // under which heading it is told
	pkg   string
	bench string // regular expression
	time  string // -benchtime
	quick string // the same in the quick form; "" = left out there
	most  int    // the largest of its sizes, 0 = all
	once  bool   // in one round only: sizes, which do not depend on the machine's mood, or long
}

// part is a heading, and what is to be known to read its table.
type part struct{ id, title, text string }

const (
	inBench   = "./bench"
	quickMost = 1000
)

var parts = []part{
	{"a", "A turn of the engine", "Over the shipped content: session read from JSON, answered, written. By what there is to do, and by how many turns the talk has had (“1”: as few as lead there)."},
	{"b", "A question", "Questions of the development set by how they are typed (`dau` with marks, `khongdau` without, `tat` abbreviated, `sai` misspelt, `vung` regional, `dai` long, `cut` a few words) and by the number of topics: those that are shipped, and invented ones. p50 and p99 are over the questions, each by its fastest of five tries. `ms-learnt` and `MB-learnt` are what it takes to learn the content."},
	{"c", "A whole turn", "`Whole`: by webhook through the program in a process of its own, on the same cores as the people and the platform, until the answer is kept; `put-off` are answers of 503, after which the platform delivers again. Nghe sends at Telegram's pace of 30 a second, so nearly none of these answers are sent while it is measured; `echo` keeps nothing and sends each before it takes the update. `Sent`: nghe until the platform has the answer, were there no limit; with the people in one process. `TurnsOnRedis`: from a decoded update to its commit, beside a bare go-redis client that writes the same bytes in one MULTI. `TurnsOnFile`: the same on a file, without a comparison."},
	{"d", "Latency at a fixed rate", "So many turns a second come, done or not done, and each is timed from when it was due. The rates end where the program no longer keeps up: its last rate is the first that was too much."},
	{"e", "A broadcast", "`Audience`: counted, and its rows written by the database. `Sending`: through the road and the sender to a platform without limits; `claimed/s` and `marked/s` are of the time that the road was in these calls. `Pace`: against a platform that refuses above 30 a second."},
	{"f", "The console's pages under load", "Eight members of staff open one page after the other as fast as they come while 100 turns a second are answered."},
	{"g", "Start, memory, size", "`Program` on the embedded storage; `MB-idle` is anonymous memory after one turn, `MB-most-with-shared` has the file's pages, too. `UsableOnASlowLine`: the web chat in Chromium at 1.6 Mbit/s, 300 ms of round trip and a processor slowed down four times."},
	{"h", "What a contact takes", "Who has gone through a script of sixteen turns and has been answered: bytes of Redis, of its log of writes, and of the process."},
	{"i", "What safety costs", "The same turns with one thing left out, in the benchmark only, in short rounds in turn. On Redis by a bare client that leaves it out of its MULTI; the seen-mark only there, as a turn on a file is decided by writing it. `Audit` is a change of an officer with and without its entry."},
	{"j", "Parts by themselves", "The benchmarks that stand beside what they measure."},
}

var suites = []suite{
	{part: "a", pkg: inBench, bench: "^BenchmarkEngine$", time: "0.2s", quick: "100x"},
	{part: "a", pkg: "./dialog", bench: "^BenchmarkTurn$", time: "0.5s", quick: "1000x"},
	{part: "b", pkg: inBench, bench: "^BenchmarkQuestion$", time: "0.3s", quick: "100x", most: 1000},
	{part: "b", pkg: inBench, bench: "^BenchmarkQuestion$/^topics=10000$", time: "0.3s", once: true},
	{part: "c", pkg: inBench, bench: "^BenchmarkWhole$", time: "3x", quick: "1x"},
	{part: "c", pkg: inBench, bench: "^BenchmarkSent$", time: "3x", quick: "1x"},
	{part: "c", pkg: inBench, bench: "^BenchmarkTurnsOnFile$", time: "10x", quick: "2x"},
	{part: "c", pkg: inBench, bench: "^BenchmarkTurnsOnRedis$", time: "8x", quick: "2x"},
	{part: "d", pkg: inBench, bench: "^BenchmarkRate$", time: "2500x", quick: "500x"},
	{part: "e", pkg: inBench, bench: "^Benchmark(Audience|Sending)$", time: "1x", quick: "1x", most: 100_000},
	{part: "e", pkg: inBench, bench: "^BenchmarkPace$", time: "600x", quick: "150x"},
	{part: "f", pkg: inBench, bench: "^BenchmarkPages$", time: "8x", quick: "3x", most: 10_000},
	{part: "g", pkg: inBench, bench: "^BenchmarkProgram$", time: "1x", quick: "1x"},
	{part: "g", pkg: ".", bench: "^BenchmarkStart$", time: "3x", quick: "1x"},
	{part: "g", pkg: "./cli", bench: "^BenchmarkUsableOnASlowLine$", time: "3x", quick: "1x"},
	{part: "h", pkg: inBench, bench: "^BenchmarkContact$", time: "1x", quick: "1x", most: 10_000},
	{part: "h", pkg: inBench, bench: "^BenchmarkContact$/^contacts=100000$", time: "1x", once: true},
	{part: "i", pkg: inBench, bench: "^Benchmark(Safety|SafetyOnRedis|Audit)$", time: "8x", quick: "2x"},
	{part: "j", pkg: "./viet", bench: ".", time: "0.1s"},
	{part: "j", pkg: "./understand", bench: ".", time: "0.1s"},
	{part: "j", pkg: "./content", bench: ".", time: "3x"},
	{part: "j", pkg: "./course", bench: ".", time: "0.1s"},
	{part: "j", pkg: "./store", bench: ".", time: "0.2s", once: true},
}

// large are what takes too long for the form that is run each time.
var large = []suite{
	{part: "e", pkg: inBench, bench: "^Benchmark(Audience|Sending)$/./^people=1000000$", time: "1x", once: true},
	{part: "h", pkg: inBench, bench: "^BenchmarkContact$/^contacts=1000000$", time: "1x", once: true},
	{part: "f", pkg: inBench, bench: "^BenchmarkDuringABroadcast$", time: "40x", once: true, most: 100_000},
	{part: "f", pkg: inBench, bench: "^BenchmarkCases$", time: "1x", once: true},
	{part: "f", pkg: "./cli", bench: "^BenchmarkNeedPages$", time: "10x", once: true},
}

// A figure is one number of one benchmark.
type figure struct{ bench, unit string }

// A ratio is of two figures of the same round.
type ratio struct {
	what string
	a, b figure
}

const (
	oneProcess   = "Whole/nghe/storage=redis+postgres/processes=1/contacts="
	twoProcesses = "Whole/nghe/storage=redis+postgres/processes=2/contacts="
)

var ratios = []ratio{
	{"engine: a turn of a talk of 1,000 to one of 1, a choice", figure{"Engine/do=choice/age=1000", "ns/op"}, figure{"Engine/do=choice/age=1", "ns/op"}},
	{"engine: the same for a sum", figure{"Engine/do=sum/age=1000", "ns/op"}, figure{"Engine/do=sum/age=1", "ns/op"}},
	{"question: 1,000 topics to 100", figure{"Question/topics=1000/style=all", "p50-µs"}, figure{"Question/topics=100/style=all", "p50-µs"}},
	{"from update to commit on Redis to a bare client, 1 at once", figure{"TurnsOnRedis/contacts=1", "turns/s"}, figure{"TurnsOnRedis/contacts=1", "bares/s"}},
	{"the same, 16 contacts at once", figure{"TurnsOnRedis/contacts=16", "turns/s"}, figure{"TurnsOnRedis/contacts=16", "bares/s"}},
	{"from update to commit on Redis to a bare client, 64 at once", figure{"TurnsOnRedis/contacts=64", "turns/s"}, figure{"TurnsOnRedis/contacts=64", "bares/s"}},
	{"the same, 256 contacts at once", figure{"TurnsOnRedis/contacts=256", "turns/s"}, figure{"TurnsOnRedis/contacts=256", "bares/s"}},
	{"over the webhook: nghe on Redis to echo, 64 at once", figure{oneProcess + "64", "turns/s"}, figure{"Whole/echo/contacts=64", "turns/s"}},
	{"the same: nghe on a file to echo", figure{"Whole/nghe/storage=embedded/processes=1/contacts=64", "turns/s"}, figure{"Whole/echo/contacts=64", "turns/s"}},
	{"until the platform has the answer, no limit: nghe on Redis to echo, 64 at once", figure{"Sent/contacts=64", "turns/s"}, figure{"Whole/echo/contacts=64", "turns/s"}},
	{"two processes to one on the same cores, 64 at once", figure{twoProcesses + "64", "turns/s"}, figure{oneProcess + "64", "turns/s"}},
	{"the same, 256 at once", figure{twoProcesses + "256", "turns/s"}, figure{oneProcess + "256", "turns/s"}},
}

// A target is what a figure must be.
type target struct {
	what   string
	of     figure
	atMost bool
	want   float64
}

var targets = []target{
	{"engine turn, µs (test content, nine messages)", figure{"Turn", "ns/op"}, true, 20_000},
	{"engine turn, allocations", figure{"Turn", "allocs/op"}, true, 80},
	{"question, median, µs", figure{"Question/topics=100/style=all", "p50-µs"}, true, 200},
	{"question, p99, µs", figure{"Question/topics=100/style=all", "p99-µs"}, true, 1000},
	{"on a file, from update to commit, turns/s", figure{"TurnsOnFile/contacts=64", "turns/s"}, false, 3000},
	{"broadcast at the platform's limit, % of it", figure{"Pace", "%ofpace"}, false, 99},
	{"– refused", figure{"Pace", "refused"}, true, 0},
	{"broadcast without limit on PostgreSQL, messages/s", figure{"Sending/storage=postgres/people=100000", "messages/s"}, false, 5000},
	{"ready, ms", figure{"Program/run", "ms-ready"}, true, 300},
	{"idle, MB of anonymous memory", figure{"Program/run", "MB-idle"}, true, 60},
	{"image, MB compressed", figure{"Program/run", "MB-binary-compressed"}, true, 15},
	{"web chat interactive on a slow line, ms", figure{"UsableOnASlowLine", "ms/usable"}, true, 1500},
}

// wanted of ratios, by what they are called.
var wanted = []struct {
	ratio  string
	atMost bool
	want   float64
}{
	{"question: 1,000 topics to 100", true, 5},
	{"from update to commit on Redis to a bare client, 64 at once", false, .75},
	{"two processes to one on the same cores, 64 at once", false, .9},
}
