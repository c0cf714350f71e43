package report

import (
	"slices"
	"strings"

	"nghe/content"
)

// province is Quảng Ninh with a tile for each of its 54 units, laid out by hand
// from where they lie and who their neighbours are: the delta in the west, the
// border in the north-east, islands off the coast. The test says what must hold.
const province = `
.          .         .        .         .         .          .          .          luc-hon   hoanh-mo  quang-duc hai-son    .          .
.          .         .        .         .         .          .          dien-xa    binh-lieu duong-hoa hai-ninh  mong-cai-3 mong-cai-2 mong-cai-1
.          .         .        .         .         .          .          hai-lang   tien-yen  quang-tan quang-ha  .          .          .
an-sinh    .         .        .         .         ky-thuong  ba-che     hai-hoa    dong-ngu  dam-ha    .         .          vinh-thuc  .
dong-trieu binh-khe  yen-tu   vang-danh quang-la  luong-minh thong-nhat mong-duong cua-ong   .         .         cai-chien  .          .
mao-khe    hoang-que uong-bi  dong-mai  .         hoanh-bo   .          quang-hanh cam-pha   .         van-don   .          .          .
.          .         hiep-hoa quang-yen tuan-chau viet-hung  cao-xanh   ha-lam     ha-tu     .         .         co-to      .          .
.          phong-coc lien-hoa ha-an     .         bai-chay   hong-gai   ha-long    .         .         .         .          .          .
`

// Tile is a commune on the map: the column from the west and the row from the
// north, from 0.
type Tile struct {
	Place    string
	Col, Row int
}

// Tiles are all of them, and how many columns and rows they take.
func Tiles() (tiles []Tile, cols, rows int) {
	for row, line := range strings.Split(strings.TrimSpace(province), "\n") {
		for col, place := range strings.Fields(line) {
			if place != "." {
				tiles = append(tiles, Tile{place, col, row})
			}
			cols = max(cols, col+1)
		}
		rows = row + 1
	}
	return tiles, cols, rows
}

// NameLines writes the short name of a commune in at most two lines of about
// the same length.
func NameLines(p *content.Place) []string {
	words := strings.Fields(p.Short())
	if len(words) < 2 {
		return words
	}
	cut := (len(words) + 1) / 2
	if len(words) == 3 { // “Móng / Cái 3”
		cut = 1
	}
	return []string{strings.Join(words[:cut], " "), strings.Join(words[cut:], " ")}
}

// Steps are how many colours the map has for numbers above 0.
const Steps = 5

// Scale says from which number on each colour stands, for the numbers of a map:
// round numbers in steps of the same size, so that the largest has the darkest
// colour. With small numbers there are fewer colours.
func Scale(numbers []int) (from []int) {
	most := 0
	if len(numbers) > 0 {
		most = slices.Max(numbers)
	}
	step := roundUp((most + Steps - 1) / Steps)
	for n := 1; n <= most && len(from) < Steps; n += step {
		if from = append(from, n); n == 1 && step > 1 {
			n = 0 // 1, 10, 20, …
		}
	}
	return from
}

// StepOf is the colour of a number: 0 for none, else from 1 to Steps.
func StepOf(n int, from []int) int {
	step := 0
	for step < len(from) && n >= from[step] {
		step++
	}
	return step
}

// roundUp gives 1, 2, 5, 10, 20, 50, …: the first that is not smaller.
func roundUp(n int) int {
	for ten := 1; ; ten *= 10 {
		for _, k := range []int{1, 2, 5} {
			if k*ten >= n {
				return k * ten
			}
		}
	}
}
