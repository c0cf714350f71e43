package report

import (
	"time"
)

// UsualReceiver is the body that reports go to as long as nobody says otherwise.
// The plan names a department that is no more (KH 01/KH-UBND, II.13: Sở Lao động -
// Thương binh và Xã hội); its work of jobs and training went to Sở Nội vụ.
const UsualReceiver = "UBND tỉnh Quảng Ninh (qua Sở Nội vụ)"

// Head is what stands before the tables of a workbook.
type Head struct {
	Title, Name, Receiver string
	Span
	At time.Time // when the figures were read, in the province's zone
	// Invented says that some of the figures are made up, to try things out.
	Invented bool
}

// InventedMark stands on what is printed or sent on with figures that are made up.
const InventedMark = "SỐ LIỆU BỊA ĐỂ THỬ, KHÔNG CÓ THẬT"

// Workbook gives the tables with a first sheet that says what they are.
func (h Head) Workbook(sections []Section) []Table {
	t := Table{Name: "Thông tin", Columns: []Column{{h.Title, 24}, {h.Name, 60}}}
	t.Rows = append(t.Rows, []any{"Từ ngày", h.From.Time(time.UTC)}, []any{"Đến ngày", h.To.Time(time.UTC)})
	if h.Receiver != "" {
		t.Rows = append(t.Rows, []any{"Nơi nhận", h.Receiver})
	}
	t.Rows = append(t.Rows, []any{"Số liệu lúc", h.At.Format("15:04, 02/01/2006")}, []any{"Số bảng", len(sections)})
	t.Notes = []string{"Dự thảo do nghe lập từ số liệu của nghe; cán bộ xem lại trước khi ký. Mỗi bảng ghi nguồn và nghĩa của số ở cuối."}
	return Marked(append([]Table{t}, Tables(sections)...), h.Invented)
}

// Marked has every table say that its figures are made up, where they are.
func Marked(all []Table, invented bool) []Table {
	if invented {
		for i := range all {
			all[i].Above = InventedMark
		}
	}
	return all
}
